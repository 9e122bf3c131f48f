/** Topaz on this machine: found, probed and licensed before its first work, tried before its first render, watched all the time. */
import { lasting } from '../../domain/durations.js';
import { Failure } from '../../domain/failures.js';
import type { TopazEstimate, TopazPlace } from '../../domain/topaz.js';
import type { EngineRun, RestoredTask, SegmentTask } from '../../engines/engine.js';
import { topazScale } from '../../engines/topaz.js';
import type { TopazUse } from '../../engines/topaz-filter.js';
import { estimateEpisode } from './estimate.js';
import { findTopaz, type TopazInstall } from './install.js';
import { requireLicence } from './licence.js';
import { openMemory, type TopazMemory } from './memory.js';
import { probeTopaz, type Probed } from './probe.js';
import { runTopaz } from './program.js';
import { within } from './within.js';

export interface TopazSettings {
  readonly topaz?: TopazPlace;
  /** A folder of the machine's own, where what it learns is kept. */
  readonly scratch?: string;
  /** Divides all limits; 1 where absent. */
  readonly timeScale?: number;
}

export interface TopazWatch {
  readonly signal: AbortSignal;
  /** Something goes on that gives no frames yet. */
  readonly alive?: () => void;
}

export type TopazRun = Extract<EngineRun, { kind: 'topaz' }>;

export interface Topaz {
  /**
   * Everything that can be known before work begins: installed, able, signed in.
   * @throws Failure `unsupported`, `configure-failed`, `licence`
   */
  ready(model: string, signal: AbortSignal): Promise<void>;
  /** Automatic parameters of an episode. @param segments tasks of all its segments, in order */
  estimate(model: string, segments: readonly RestoredTask[], watch: TopazWatch): Promise<TopazEstimate>;
  /**
   * Renders a task, and asks for the licence again afterwards.
   * @returns frames that came out, and what made them
   * @throws Failure of Topaz's own telling; `stalled` when no engine of the model was made in time
   */
  render(
    task: SegmentTask,
    run: TopazRun,
    watch: TopazWatch & { readonly onFrames: (frames: number) => void },
  ): Promise<{ readonly frames: number; readonly by: string }>;
}

interface Ready extends Probed {
  readonly install: TopazInstall;
}

export function openTopaz(settings: TopazSettings): Topaz {
  const timeScale = settings.timeScale ?? 1;
  const known = new Map<string, Ready>();
  let memory: Promise<TopazMemory> | undefined;

  /** Anew after a failure: a machine may be mended while its agent waits. */
  async function readyFor(name: string, signal: AbortSignal): Promise<Ready> {
    const before = known.get(name);
    if (before) return before;
    const install = await findTopaz(settings.topaz);
    const ready = { install, ...(await probeTopaz(install, name, signal)) };
    await licensed(ready, signal);
    known.set(name, ready);
    return ready;
  }

  const licensed = (ready: Ready, signal: AbortSignal): Promise<void> =>
    requireLicence(ready.install, ready, lasting('licenceProbe', timeScale), signal);

  return {
    async ready(model, signal) {
      await readyFor(model, signal);
    },
    async estimate(model, segments, watch) {
      const { install, machine } = await readyFor(model, watch.signal);
      return building(timeScale, watch, (signal) => estimateEpisode(install, machine, segments, signal));
    },
    async render(task, run, watch) {
      const ready = await readyFor(run.model, watch.signal);
      const learned = await (memory ??= openMemory(settings.scratch));
      const used = await downTheLadder(learned, ready, async (use) => {
        await tryOut(ready, { task, run, use, learned, timeScale, watch });
        const { signal, onFrames } = watch;
        const frames = await runTopaz(ready.install, run.render(use), { signal, onFrames, what: named(task) });
        return { frames, by: madeBy(task, use) };
      });
      try {
        await licensed(ready, watch.signal);
      } catch (error) {
        // The next unit has to ask from the beginning.
        known.clear();
        throw error;
      }
      return used;
    },
  };
}

const named = ({ segment, job }: SegmentTask): string => `segment ${segment} of ${job.episode}`;

function madeBy(task: SegmentTask, { model, rung }: TopazUse): string {
  const scale = topazScale(task, model);
  return `topaz ${model.name} ×${rung.twice && scale === 4 ? '2×2' : scale}`;
}

/** Acts at the machine's rung; when the GPU's memory is too small, again at the next. */
async function downTheLadder<T>(memory: TopazMemory, ready: Ready, act: (use: TopazUse) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act({ machine: ready.machine, model: ready.model, rung: memory.rung() });
    } catch (error) {
      const isMemory = error instanceof Failure && error.kind === 'out-of-gpu-memory';
      if (!isMemory || !(await memory.stepDown())) throw error;
    }
  }
}

interface Trial {
  readonly task: SegmentTask;
  readonly run: TopazRun;
  readonly use: TopazUse;
  readonly learned: TopazMemory;
  readonly timeScale: number;
  readonly watch: TopazWatch;
}

/** The canary, once for each way in which the machine uses a model. */
async function tryOut({ install }: Ready, { task, run, use, learned, timeScale, watch }: Trial): Promise<void> {
  const { width, height } = task;
  const way = `${madeBy(task, use)} of ${width}x${height}, vram ${use.rung.vram}`;
  if (learned.hasTried(way)) return;
  const what = `the first try of ${use.model.name}`;
  const frames = await building(timeScale, watch, (signal) => runTopaz(install, run.canary(use), { signal, what }));
  requireAsMany(frames, run.canaryFrames, use.model.name);
  await learned.tried(way);
}

/** Too many are the model's nature; too few may be a mishap. */
function requireAsMany(frames: number, wanted: number, model: string): void {
  if (frames === wanted) return;
  const evidence = `${frames} frames of ${wanted}`;
  if (frames < wanted)
    throw new Failure('engine-crashed', `Topaz lost frames in the first try of ${model}`, { evidence });
  throw new Failure('unsupported', `The Topaz model ${model} gives more frames than it takes`, {
    evidence,
    next: 'Use another model in the profile, such as prob-4',
  });
}

/** A time without frames that has a limit of its own: models are fetched and engines built in it. */
async function building<T>(timeScale: number, watch: TopazWatch, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = lasting('engineBuild', timeScale);
  const pulse = setInterval(() => watch.alive?.(), lasting('beat', timeScale));
  try {
    return await within(limit, watch.signal, act, (cause) => {
      const minutes = (limit / 60_000).toFixed(1);
      return new Failure('stalled', `Topaz was not through with its first frames after ${minutes} minutes`, {
        evidence: 'It fetches a model and builds an engine of it for the GPU in this time',
        cause,
      });
    });
  } finally {
    clearInterval(pulse);
  }
}
