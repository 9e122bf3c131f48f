/** Topaz on this machine: found, probed and licensed before its first work, tried before its first render, watched all the time. */
import { lasting } from '../../domain/durations.js';
import { Failure } from '../../domain/failures.js';
import type { TopazEstimate, TopazPlace } from '../../domain/topaz.js';
import type { RestoredTask, SegmentTask } from '../../engines/engine.js';
import type { TopazUse } from '../../engines/topaz-filter.js';
import { estimateEpisode } from './estimate.js';
import { building, madeBy, tryFirst, type TopazRun, type TopazWatch } from './first-try.js';
import { findTopaz, type TopazInstall } from './install.js';
import { requireLicence } from './licence.js';
import { openMemory, type TopazMemory } from './memory.js';
import { probeTopaz, type Probed } from './probe.js';
import { runTopaz } from './program.js';

export interface TopazSettings {
  readonly topaz?: TopazPlace;
  /** A folder of the machine's own, where what it learns is kept. */
  readonly scratch?: string;
  /** Divides all limits; 1 where absent. */
  readonly timeScale?: number;
}

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
      return building({ ...watch, timeScale }, (signal) => estimateEpisode(install, machine, segments, signal));
    },
    async render(task, run, watch) {
      try {
        const ready = await readyFor(run.model, watch.signal);
        const learned = await (memory ??= openMemory(settings.scratch));
        const made = await downTheLadder(learned, ready, async (use) => {
          await tryFirst(ready.install, { task, run, use }, learned, { ...watch, timeScale });
          const { signal, onFrames } = watch;
          const frames = await runTopaz(ready.install, run.render(use), { signal, onFrames, what: named(task) });
          return { frames, by: madeBy(task, use) };
        });
        await licensed(ready, watch.signal);
        return made;
      } catch (error) {
        // Whatever it was, the next unit asks from the beginning: the licence may be gone, or the machine mended.
        known.clear();
        throw error;
      }
    },
  };
}

const named = ({ segment, job }: SegmentTask): string => `segment ${segment} of ${job.episode}`;

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
