/** A rendered episode in small: segments as an engine leaves them, and the manifest that gives their frames times. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pMap from 'p-map';
import { averageRate } from '../../src/domain/frames.js';
import type { Manifest } from '../../src/domain/job.js';
import { tools } from './tools.js';

const exec = promisify(execFile);

/** Runs ffmpeg for a test's own material. */
export const ffmpeg = async (...args: readonly string[]): Promise<void> => {
  await exec(tools.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args]);
};

export interface Episode {
  /** Frames of each segment. */
  readonly counts: readonly number[];
  readonly steps: Manifest['steps'];
  readonly startTicks?: number;
}

export const TARGET = { width: 64, height: 48 };

export function manifestOf({ counts, steps, startTicks = 0 }: Episode): Manifest {
  let first = 0;
  const segments = counts.map((frames, i) => {
    const segment = { key: `restored/${i}`, sha256: '', bytes: 0, first, frames };
    first += frames;
    return segment;
  });
  return {
    ...{ version: 1, machine: 'e01-00000000-l1', epoch: 0, pixelFormat: 'yuv420p', width: 16, height: 12 },
    ...{ frames: first, steps, startTicks, segments },
  };
}

const TAGS = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv,setsar=1';

/** One closed-GOP HEVC segment with B-frames; its frames count at the episode's average rate. */
export async function renderSegment(
  file: string,
  frames: number,
  { num, den }: { num: number; den: number },
  threads = 'pools=1',
): Promise<void> {
  const picture = `testsrc2=size=${TARGET.width}x${TARGET.height}:rate=${num}/${den},format=yuv420p10le,${TAGS}`;
  const params = `log-level=error:open-gop=0:bframes=3:${threads}`;
  const encoder = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', params];
  await ffmpeg('-f', 'lavfi', '-i', picture, '-frames:v', `${frames}`, ...encoder, file);
}

/** Renders all segments of an episode into a folder. */
export async function renderEpisode(
  folder: string,
  episode: Episode,
): Promise<{ manifest: Manifest; segments: string[] }> {
  const manifest = manifestOf(episode);
  const rate = averageRate(manifest.steps);
  const segments = episode.counts.map((_, i) => join(folder, `s${String(i).padStart(5, '0')}.mkv`));
  await pMap(segments, (file, i) => renderSegment(file, episode.counts[i] ?? 0, rate), { concurrency: 2 });
  return { manifest, segments };
}

export const fixture = (name: string): string => join(import.meta.dirname, '..', 'fixtures', name);
