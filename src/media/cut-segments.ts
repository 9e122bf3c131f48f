/** Cuts the restored file into one file per segment, by frame number and by stream copy: all frames are key frames. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run } from '../process/run.js';
import type { Cut } from './cuts.js';
import { ffmpegHead, ownInput } from './ffmpeg.js';
import { countFrames } from './count-frames.js';

/** A cut's file, by its absolute path. */
export type CutFile = Cut & { readonly file: string };

export interface CutPicture {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly segments: readonly CutFile[];
}

export interface CutTask {
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes the files; the whole may be gone afterwards.
 * @throws Failure `verify-failed` when a file has not exactly its frames, `disk-full`
 */
export async function cutSegments(
  tools: Pick<Tools, 'ffmpeg' | 'ffprobe'>,
  { folder, signal }: CutTask,
  whole: string,
  cuts: readonly Cut[],
): Promise<CutPicture> {
  const segments = cuts.map((cut, index) => ({ ...cut, file: join(folder, segmentName(index)) }));
  const [only] = segments;
  if (only && segments.length === 1) await rename(whole, only.file);
  else await run(cutArgv(tools, whole, cuts), { ...WRITING, cwd: folder, ...(signal ? { signal } : {}) });
  const shapes = [];
  for (const { file, frames } of segments) {
    const { frames: counted, ...shape } = await countFrames(tools, file, signal);
    if (counted !== frames) {
      throw new Failure('verify-failed', `${file} was cut wrongly`, {
        evidence: `${counted} frames instead of ${frames}`,
      });
    }
    shapes.push(shape);
  }
  const [shape] = shapes;
  if (!shape) throw new Failure('bug', 'nothing was cut');
  return { ...shape, segments };
}

const segmentName = (index: number): string => `segment-${String(index).padStart(5, '0')}.mkv`;

const WRITING = {
  failure: { kind: 'engine-crashed', what: 'The restored picture could not be cut' },
  exitKind: ffmpegExitKind,
} as const;

/** argv that cuts in one pass. The names are relative to the folder, so that a `%` in its path is no number's place. */
export const cutArgv = (tools: Pick<Tools, 'ffmpeg'>, whole: string, cuts: readonly Cut[]): string[] => [
  ...ffmpegHead(tools),
  ...ownInput(whole),
  ...['-map', '0:v:0', '-c', 'copy', '-fflags', '+bitexact', '-f', 'segment', '-segment_format', 'matroska'],
  ...[
    '-segment_frames',
    cuts
      .slice(1)
      .map(({ first }) => first)
      .join(','),
    '-reset_timestamps',
    '1',
  ],
  'segment-%05d.mkv',
];
