/** What every ffmpeg of an engine is told, and how its progress is read. */
import type { RestoredTask } from './engine.js';

/** Quiet, unattended, and over at the first error that ffmpeg notices. */
export const strict = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-xerror'] as const;

/** Threads of all filters. */
export const filterThreads = ({ threads }: RestoredTask): readonly string[] => [
  ...['-filter_threads', String(threads), '-filter_complex_threads', String(threads)],
];

/** The restored segment as input, its frames numbered at the episode's rate whatever times it carries. */
export const restoredInput = ({ input, frameRate, threads }: RestoredTask): readonly string[] => [
  ...['-threads', String(threads), '-r', `${frameRate.num}/${frameRate.den}`, '-i', input],
];

/** Progress as `key=value` lines on standard output. */
export const progress = ['-progress', 'pipe:1', '-stats_period', '1', '-nostats'] as const;

/** Frames written so far, from a line of `-progress`; undefined for any other line. */
export function framesOf(line: string): number | undefined {
  const count = /^frame=\s*(\d+)$/.exec(line)?.[1];
  return count === undefined ? undefined : Number(count);
}
