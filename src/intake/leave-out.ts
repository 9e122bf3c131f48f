/** What is left out by name and size alone, and the reason that the user reads. */
import type { Origin } from '../domain/disc.js';
import type { Skipped } from '../domain/season.js';

/** A file that may be an episode, or a title of a disc. */
export interface Candidate {
  /** Relative to the season's folder, with `/` between folders. */
  readonly path: string;
  /** What people call it: its name without the ending. */
  readonly stem: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Absent for a video file. */
  readonly origin?: Origin;
}

/** Endings of files that may hold an episode, in lower case. */
const videoEndings: readonly string[] = [
  '.mkv',
  '.mp4',
  '.m4v',
  '.avi',
  '.mpg',
  '.mpeg',
  '.vob',
  '.ts',
  '.m2ts',
  '.mov',
  '.webm',
];

const MENU = /^(VIDEO_TS|VTS_\d\d_0)\.VOB$/i;
/** The word on its own: `Samples of Blood.mkv` and `resampled.mkv` are episodes. */
const SAMPLE = /(^|[^a-z0-9])sample([^a-z0-9]|$)/i;
/** A sample is at most this share of the largest other video. */
const SAMPLE_SHARE = 1 / 3;

export const endingOf = (name: string): string => /\.[^./]+$/.exec(name)?.[0].toLowerCase() ?? '';

/** Why a file of this name cannot be an episode; undefined when it may be one. */
export function reasonByName(name: string): string | undefined {
  if (name.startsWith('.')) return 'hidden file';
  if (!videoEndings.includes(endingOf(name))) return `not a video (${endingOf(name) || 'no ending'})`;
  return MENU.test(name) ? 'menu of a DVD' : undefined;
}

/** Parts the samples from the episodes: named so, and small beside the others. Alone they are what the user wants. */
export function leaveOutSamples(found: readonly Candidate[]): { kept: Candidate[]; skipped: Skipped[] } {
  const named = (candidate: Candidate): boolean => SAMPLE.test(candidate.path);
  const largest = Math.max(0, ...found.filter((candidate) => !named(candidate)).map(({ bytes }) => bytes));
  const isSample = (candidate: Candidate): boolean => named(candidate) && candidate.bytes <= largest * SAMPLE_SHARE;
  return {
    kept: found.filter((candidate) => !isSample(candidate)),
    skipped: found.filter(isSample).map(({ path }) => ({ path, reason: 'sample' })),
  };
}
