/** One pass over a source's whole picture: the time and scene score of every frame, and what its fields say. */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ratio, TICKS_PER_SECOND, type SourceInfo } from '../domain/media.js';
import { rawFrames } from '../process/raw-frames.js';
import { start, type Running } from '../process/run.js';
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

/** Film to be looked through: a file, or what another program hands over. */
export interface Film {
  /** For failures. */
  readonly name: string;
  /** ffmpeg's input arguments, and the picture's place in what they open. */
  readonly argv: readonly string[];
  readonly picture: string;
  /** What goes to standard input, where these arguments read it; `done` rejects when it ends badly. */
  readonly feed?: () => { readonly stream: Readable; readonly done: Promise<unknown> };
}

export const filmOfFile = (path: string, { pictureStream }: Pick<SourceInfo, 'pictureStream'>): Film => ({
  name: path,
  argv: sourceInput(path),
  picture: `0:${pictureStream}`,
});

/** argv that gives every frame as a small grey picture on standard output, its time and scene score on standard error. */
export const passArgv = (tools: Pick<MediaTools, 'ffmpeg'>, { argv, picture }: Film): string[] => [
  ...ffmpegHead(tools),
  ...['-copyts', ...argv, '-map', picture],
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
  film: Film,
  { picture: { height, frameRate }, durationSeconds }: Pick<SourceInfo, 'picture' | 'durationSeconds'>,
  { signal, onFrames }: { signal?: AbortSignal | undefined; onFrames?: (done: number, of: number) => void } = {},
): Promise<FieldReport> {
  const expected = Math.ceil(durationSeconds * ratio(frameRate));
  const report = frameReport(() => undefined);
  const pass = start(passArgv(tools, film), {
    ...decodeExit(film.name),
    ...(signal ? { signal } : {}),
    onErrorLine: report.onLine,
  });
  const fed = feed(pass, film);
  const metrics = growing();
  let before: Uint8Array | undefined;
  let frames = 0;
  for await (const picture of rawFrames(pass.stdout, WIDTH * height)) {
    measureFields(before ?? picture, picture, height, metrics.room(frames), frames * METRICS_OF_FRAME);
    before = picture;
    frames += 1;
    if (frames % 500 === 0) onFrames?.(frames, Math.max(frames, expected));
  }
  // Who hands the film over knows first why it ends.
  await fed;
  await pass.done;
  const { times, scores } = report;
  return { frames, times, scores, metrics: metrics.room(frames).subarray(0, frames * METRICS_OF_FRAME) };
}

/** Settles when all is handed over, or the reader has gone, whose own word counts then. */
function feed(pass: Running, film: Film): Promise<unknown> {
  const source = film.feed?.();
  if (source === undefined) {
    pass.stdin.end();
    return Promise.resolve();
  }
  const handed = pipeline(source.stream, pass.stdin).catch(() => undefined);
  const all = Promise.all([source.done, handed]);
  // Awaited after the last picture; until then nobody does.
  all.catch(() => undefined);
  return all;
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
