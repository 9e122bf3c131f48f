/** One pass over a source's whole picture: the time and scene score of every frame, and what its fields say. */
import { ratio, TICKS_PER_SECOND, type SourceInfo } from '../domain/media.js';
import { start } from '../process/run.js';
import { decodeExit } from './decode-exit.js';
import { ffmpegHead, sourceInput } from './ffmpeg.js';
import { measureFields, METRICS_OF_FRAME, WIDTH } from './field-metrics.js';
import { frameReport, type FrameReport } from './frame-report.js';
import type { MediaTools } from './restore-task.js';

export interface FieldReport extends Pick<FrameReport, 'times' | 'scores'> {
  readonly frames: number;
  /** `METRICS_OF_FRAME` numbers for each frame; nothing has moved in the first. */
  readonly metrics: Uint8Array;
}

/** argv that gives every frame as a small grey picture on standard output, its time and scene score on standard error. */
export const passArgv = (tools: Pick<MediaTools, 'ffmpeg'>, path: string, info: SourceInfo): string[] => [
  ...ffmpegHead(tools),
  ...['-copyts', ...sourceInput(path), '-map', `0:${info.pictureStream}`],
  ...['-vf', filters],
  ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
];

/** Narrowed only: a line is a line of the source. */
const filters = [
  `settb=1/${TICKS_PER_SECOND}`,
  `format=gray,scale=${WIDTH}:ih:flags=area`,
  'scdet',
  'metadata=mode=print:key=lavfi.scd.score:file=pipe\\\\:2',
].join(',');

/**
 * Decodes the whole picture once.
 * @param onFrames told now and then how many frames are read, and how many there may be
 * @throws Failure `bad-source` when it cannot be decoded
 */
export async function readFields(
  tools: MediaTools,
  path: string,
  info: SourceInfo,
  { signal, onFrames }: { signal?: AbortSignal | undefined; onFrames?: (done: number, of: number) => void } = {},
): Promise<FieldReport> {
  const { height } = info.picture;
  const expected = Math.ceil(info.durationSeconds * ratio(info.picture.frameRate));
  const report = frameReport(() => undefined);
  const pass = start(passArgv(tools, path, info), {
    ...decodeExit(path),
    ...(signal ? { signal } : {}),
    onErrorLine: report.onLine,
  });
  pass.stdin.end();
  const metrics = growing();
  let before: Uint8Array | undefined;
  let frames = 0;
  for await (const picture of pictures(pass.stdout, WIDTH * height)) {
    measureFields(before ?? picture, picture, height, metrics.room(frames), frames * METRICS_OF_FRAME);
    before = picture;
    frames += 1;
    if (frames % 500 === 0) onFrames?.(frames, Math.max(frames, expected));
  }
  await pass.done;
  const { times, scores } = report;
  return { frames, times, scores, metrics: metrics.room(frames).subarray(0, frames * METRICS_OF_FRAME) };
}

/** Memory that doubles: how many frames there are is known at the end. */
function growing(): { room(frames: number): Uint8Array } {
  let bytes = new Uint8Array(1024 * METRICS_OF_FRAME);
  return {
    room(frames) {
      if ((frames + 1) * METRICS_OF_FRAME > bytes.length) {
        const more = new Uint8Array(2 * bytes.length);
        more.set(bytes);
        bytes = more;
      }
      return bytes;
    },
  };
}

/** Cuts a stream into pictures of so many bytes. Each is new memory: the one before it is still needed. */
async function* pictures(stream: AsyncIterable<unknown>, bytes: number): AsyncGenerator<Uint8Array> {
  let picture = new Uint8Array(bytes);
  let filled = 0;
  for await (const data of stream) {
    let chunk = data as Buffer;
    while (chunk.length > 0) {
      const part = chunk.subarray(0, bytes - filled);
      picture.set(part, filled);
      filled += part.length;
      chunk = chunk.subarray(part.length);
      if (filled < bytes) continue;
      yield picture;
      picture = new Uint8Array(bytes);
      filled = 0;
    }
  }
}
