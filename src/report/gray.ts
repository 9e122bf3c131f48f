/** Decodes a few frames as small grey pictures: enough to measure and to compare them, cheap enough to do so at many places. */
import type { Tools } from '../domain/tools.js';
import { ffmpegHead } from '../media/ffmpeg.js';
import { start, type RunOptions } from '../process/run.js';

/** Brightness of every pixel, line by line, 0 to 255. */
export type Gray = Uint8Array;

/** Size of the pictures, whatever the shape of the video: they are compared among themselves only. */
export const GRAY_WIDTH = 160;
export const GRAY_HEIGHT = 120;

/** From where, and through which filters, frames are taken. */
export interface Taken {
  /** Arguments that open the file at the moment. */
  readonly input: readonly string[];
  /** The picture among the file's streams: `0:v:0`. */
  readonly map: string;
  readonly filters: readonly string[];
}

const options = (file: string, signal: AbortSignal): RunOptions => ({
  signal,
  failure: { kind: 'bad-source', what: `${file} cannot be decoded` },
});

/** At most so many frames; fewer where the file ends. @throws Failure `bad-source`, `cancelled` */
export async function grayFrames(
  tools: Pick<Tools, 'ffmpeg'>,
  { input, map, filters }: Taken,
  count: number,
  signal: AbortSignal,
): Promise<Gray[]> {
  const chain = [...filters, `scale=${GRAY_WIDTH}:${GRAY_HEIGHT}:flags=area`, 'format=gray'].join(',');
  const argv = [...ffmpegHead(tools), ...input, '-map', map, '-vf', chain, '-frames:v', String(count)];
  const bytes = await bytesOf([...argv, '-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'], input, signal);
  const size = GRAY_WIDTH * GRAY_HEIGHT;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** What ffmpeg writes to its standard output. @param input the arguments that open the file, which a failure names */
export async function bytesOf(argv: readonly string[], input: readonly string[], signal: AbortSignal): Promise<Buffer> {
  const running = start(argv, options(input.at(-1) ?? '', signal));
  running.stdin.end();
  const chunks: Buffer[] = [];
  // Why the stream breaks is told by the program's end.
  const read = (async () => {
    for await (const chunk of running.stdout) chunks.push(chunk as Buffer);
  })();
  await Promise.all([running.done, read.catch(() => undefined)]);
  return Buffer.concat(chunks);
}
