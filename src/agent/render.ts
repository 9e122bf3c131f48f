/** Renders a segment with its engine, and answers for the file: it has exactly the frames that were asked for, or there is none. */
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Failure } from '../domain/failures.js';
import type { Job } from '../domain/job.js';
import type { Tools } from '../domain/tools.js';
import type { TopazEstimate } from '../domain/topaz.js';
import { framesOf } from '../engines/argv.js';
import type { EngineRun, RestoredTask, SegmentTask } from '../engines/engine.js';
import { engines } from '../engines/index.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run, start, type RunOptions } from '../process/run.js';
import { pipeFrames } from './pipe.js';
import { openTopaz, type Topaz, type TopazSettings } from './topaz/topaz.js';
import { keepUpscalers, type UpscalerOptions, type Upscalers } from './upscalers.js';

export interface RenderOptions {
  readonly signal: AbortSignal;
  /** Called with the count of frames done. */
  readonly onFrames: (frames: number) => void;
  /** Called now and then while something goes on that gives no frames yet. */
  readonly alive?: () => void;
}

export type EstimateOptions = Pick<RenderOptions, 'signal' | 'alive'>;

export interface Renderer {
  /**
   * Looks whether a job's engine can work on this machine at all, before anything dear is done for it.
   * @throws Failure of what is missing: `licence`, `configure-failed`, `unsupported`
   */
  ready(job: Job, signal: AbortSignal): Promise<void>;
  /** What the engine wants to know of the whole episode; undefined for most. @param segments tasks of all its segments, in order */
  estimate(segments: readonly RestoredTask[], options: EstimateOptions): Promise<TopazEstimate | undefined>;
  /**
   * Renders a task into its output file.
   * @returns what rendered it, for the receipt: `ffmpeg`, or the model and its backend
   * @throws Failure `engine-crashed`, `verify-failed` for a wrong number of frames, `disk-full`, `cancelled`, or what `findModel`,
   *         `openSession` and `Topaz.render` throw; the output file is gone then, and so are all programs
   */
  render(task: SegmentTask, options: RenderOptions): Promise<string>;
  close(): Promise<void>;
}

export interface RendererSettings extends UpscalerOptions, TopazSettings {
  readonly tools: Pick<Tools, 'ffmpeg'>;
}

interface Machinery {
  readonly ffmpeg: string;
  readonly upscalers: Upscalers;
  readonly topaz: Topaz;
}

type Piped = Extract<EngineRun, { kind: 'piped' }>;
/** Bytes of a packed RGB pixel of 16 bits a channel. */
const PIXEL_BYTES = 6;

export function openRenderer(settings: RendererSettings): Renderer {
  const engine: Machinery = {
    ffmpeg: settings.tools.ffmpeg,
    upscalers: keepUpscalers(settings),
    topaz: openTopaz(settings),
  };
  return {
    async ready({ profile: { upscale } }, signal) {
      if (upscale.engine === 'topaz') await engine.topaz.ready(upscale.model, signal);
    },
    async estimate(segments, options) {
      const upscale = segments[0]?.job.profile.upscale;
      return upscale?.engine === 'topaz' ? engine.topaz.estimate(upscale.model, segments, options) : undefined;
    },
    render: async (task, options) => {
      try {
        return await rendered(engine, task, options);
      } catch (error) {
        await rm(task.output, { force: true });
        throw error;
      }
    },
    close: () => engine.upscalers.close(),
  };
}

async function rendered({ ffmpeg, upscalers, topaz }: Machinery, task: SegmentTask, options: RenderOptions) {
  const engine = engines[task.job.profile.upscale.engine];
  const todo = engine.run(task);
  switch (todo.kind) {
    case 'piped':
      return renderPiped(ffmpeg, upscalers, task, todo, options);
    case 'single':
      await renderSingle(ffmpeg, todo.argv, task, options);
      return engine.name;
    case 'topaz': {
      const { frames, by } = await topaz.render(task, todo, options);
      requireEncoded(frames, task);
      return by;
    }
  }
}

const inSegment = (task: SegmentTask, what: string): Pick<RunOptions, 'failure' | 'exitKind'> => ({
  failure: { kind: 'engine-crashed', what: `${what} segment ${task.segment} of ${task.job.episode}` },
  exitKind: ffmpegExitKind,
});

async function renderSingle(ffmpeg: string, argv: readonly string[], task: SegmentTask, options: RenderOptions) {
  const { signal, onFrames } = options;
  let encoded = 0;
  const onLine = (line: string): void => {
    const frames = framesOf(line);
    if (frames !== undefined) onFrames((encoded = frames));
  };
  await run([ffmpeg, ...argv], { signal, onLine, ...inSegment(task, 'ffmpeg could not upscale') });
  requireEncoded(encoded, task);
}

async function renderPiped(
  ffmpeg: string,
  upscalers: Upscalers,
  task: SegmentTask,
  todo: Piped,
  { signal, onFrames }: RenderOptions,
): Promise<string> {
  const session = await upscalers.get(todo.model);
  const stop = new AbortController();
  const both = { signal: AbortSignal.any([signal, stop.signal]) };
  const decoder = start([ffmpeg, ...todo.decode], { ...both, ...inSegment(task, 'ffmpeg could not decode') });
  const encoder = start([ffmpeg, ...todo.encode(session.factor)], {
    ...both,
    ...inSegment(task, 'ffmpeg could not encode'),
  });
  const encoded = lastCount(encoder.stdout);
  const ended = Promise.allSettled([decoder.done, encoder.done, encoded]);
  // Why a pipe breaks is told by the program that ended; the stream's own error event says nothing more.
  encoder.stdin.on('error', () => undefined);
  try {
    const { width, height, frames } = task;
    const upscale = (frame: ArrayBuffer) => session.upscale(frame, width, height);
    const frameBytes = width * height * PIXEL_BYTES;
    await unlessAborted(signal, pipeFrames(decoder, encoder, { frames, frameBytes, upscale, onFrames }));
    requireEncoded(await encoded, task);
  } finally {
    // An ffmpeg that waits for a pipe does not hear a signal before the pipe is closed.
    decoder.stdout.destroy();
    encoder.stdin.destroy();
    stop.abort();
    await ended;
  }
  return `${todo.model} on ${session.backend}`;
}

/** The model may work on a frame for a long time: an abort does not wait for it. */
async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new Failure('cancelled', 'Rendering was stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.finally(() => signal.removeEventListener('abort', stop)).catch(() => undefined);
  });
  await Promise.race([work, aborted]);
}

/** The last count of frames that an encoder's progress told. */
async function lastCount(progress: Readable): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: progress })) count = framesOf(line) ?? count;
  return count;
}

function requireEncoded(frames: number, task: SegmentTask): void {
  if (frames === task.frames) return;
  throw new Failure('verify-failed', `Segment ${task.segment} of ${task.job.episode} has the wrong number of frames`, {
    evidence: `${frames} frames instead of ${task.frames}`,
  });
}
