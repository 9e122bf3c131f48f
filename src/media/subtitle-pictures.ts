/** Bitmap subtitles as the viewer sees them. Equal packets prove nothing: an ffmpeg without zlib copies them blank, and agrees with itself. */
import { createHash } from 'node:crypto';
import type { SourceStream } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { frameHashes, type FrameHash } from './frame-hashes.js';

/** Arguments that decode and paint subtitle streams, each on its own clear canvas. */
export function paintArgv(input: readonly string[], streams: readonly SourceStream[]): string[] {
  const graph = streams.map(({ index }, i) => `[0:${index}]format=rgba[s${i}]`).join(';');
  const maps = streams.flatMap((_, i) => ['-map', `[s${i}]`]);
  return ['-copyts', ...input, '-filter_complex', graph, ...maps, '-fps_mode', 'passthrough', '-c:v', 'rawvideo'];
}

/** Pictures that appear, without repeats and without the clear canvas between them. */
export function shownPictures(frames: readonly FrameHash[], clear: string): FrameHash[] {
  return frames.filter(({ hash }, i) => hash !== clear && hash !== frames[i - 1]?.hash);
}

/** SHA-256 of a canvas on which nothing is painted. */
const clearHash = ({ canvas }: SourceStream): string =>
  createHash('sha256')
    .update(Buffer.alloc((canvas?.width ?? 0) * (canvas?.height ?? 0) * 4))
    .digest('hex');

/**
 * Decodes bitmap subtitle streams of a file.
 * @param input ffmpeg's input arguments for the file
 * @returns for each stream the pictures that it shows: when, and the hash of their pixels
 */
export async function subtitlePictures(
  tools: Pick<Tools, 'ffmpeg'>,
  input: readonly string[],
  streams: readonly SourceStream[],
  about: { file: string; signal?: AbortSignal | undefined },
): Promise<FrameHash[][]> {
  if (streams.length === 0) return [];
  const painted = await frameHashes(tools, paintArgv(input, streams), { ...about, hash: 'sha256' });
  return streams.map((stream, i) => shownPictures(painted[i] ?? [], clearHash(stream)));
}
