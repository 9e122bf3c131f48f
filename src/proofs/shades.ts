/** A short run of a video as tiny grey pictures with their times: enough to recognise a moment by. */
import { readFile, rm } from 'node:fs/promises';
import { TICKS_PER_SECOND, secondsOf } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { ffmpegHead } from '../media/ffmpeg.js';
import { frameReport } from '../media/frame-report.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run } from '../process/run.js';

/** Size of the tiny pictures. */
const WIDTH = 16;
const HEIGHT = 12;
const PIXELS = WIDTH * HEIGHT;

export interface Shade {
  /** On the file's own clock, in seconds. */
  readonly seconds: number;
  /** Brightness of `PIXELS` pixels, 0 to 255. */
  readonly luma: Uint8Array;
}

export interface ShadesTask {
  readonly file: string;
  /** ffmpeg's input arguments of the file. */
  readonly input: readonly string[];
  /** The picture's stream. */
  readonly stream: number;
  /** Filters that make whole pictures of what is decoded. */
  readonly filters: readonly string[];
  /** The stretch on the file's own clock, in seconds. */
  readonly from: number;
  readonly seconds: number;
  /** Where the file's clock starts, in seconds: ffmpeg seeks relative to it. */
  readonly start: number;
  /** A file in the making may be written here. */
  readonly scratch: string;
}

/** @throws Failure `verify-failed` when the stretch cannot be decoded, `disk-full`, `cancelled` */
export async function shadesOf(tools: Pick<Tools, 'ffmpeg'>, task: ShadesTask, signal?: AbortSignal): Promise<Shade[]> {
  const report = frameReport(() => undefined);
  const small = `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`;
  const time = [`settb=1/${TICKS_PER_SECOND}`, 'scdet', 'metadata=mode=print:key=lavfi.scd.score:file=-'];
  const seek = ['-copyts', '-ss', Math.max(0, task.from - task.start).toFixed(3), '-t', task.seconds.toFixed(3)];
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', task.scratch];
  const filters = [...task.filters, small, ...time].join(',');
  try {
    await run([...ffmpegHead(tools), ...seek, ...task.input, '-map', `0:${task.stream}`, '-vf', filters, ...output], {
      ...(signal ? { signal } : {}),
      onLine: report.onLine,
      failure: { kind: 'verify-failed', what: `${task.file} cannot be decoded at ${task.from.toFixed(1)} s` },
      exitKind: ffmpegExitKind,
    });
    const bytes = await readFile(task.scratch);
    return report.times.map((ticks, i) => ({
      seconds: secondsOf(ticks),
      luma: bytes.subarray(i * PIXELS, (i + 1) * PIXELS),
    }));
  } finally {
    await rm(task.scratch, { force: true });
  }
}
