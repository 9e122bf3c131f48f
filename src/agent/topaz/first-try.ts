/** The canary: a machine's first use of a model is a short one, with a limit of its own. */
import { lasting } from '../../domain/durations.js';
import { Failure } from '../../domain/failures.js';
import type { EngineRun, SegmentTask } from '../../engines/engine.js';
import { topazScale } from '../../engines/topaz.js';
import type { TopazUse } from '../../engines/topaz-filter.js';
import type { TopazInstall } from './install.js';
import type { TopazMemory } from './memory.js';
import { runTopaz } from './program.js';
import { within } from './within.js';

export type TopazRun = Extract<EngineRun, { kind: 'topaz' }>;

export interface TopazWatch {
  readonly signal: AbortSignal;
  /** Something goes on that gives no frames yet. */
  readonly alive?: () => void;
}

export interface Building extends TopazWatch {
  readonly timeScale: number;
}

interface Trial {
  readonly task: SegmentTask;
  readonly run: TopazRun;
  readonly use: TopazUse;
}

/** Once for each way in which the machine uses a model. @throws Failure `unsupported` when more frames come out than go in */
export async function tryFirst(
  install: TopazInstall,
  { task, run, use }: Trial,
  memory: TopazMemory,
  watch: Building,
): Promise<void> {
  const { width, height } = task;
  const way = `${madeBy(task, use)} of ${width}x${height}, vram ${use.rung.vram}`;
  if (memory.hasTried(way)) return;
  const what = `the first try of ${use.model.name}`;
  const frames = await building(watch, (signal) => runTopaz(install, run.canary(use), { signal, what }));
  requireAsMany(frames, run.canaryFrames, use.model.name);
  await memory.tried(way);
}

/** Names engine, model and the way of enlarging, as receipts do. */
export function madeBy(task: SegmentTask, { model, rung }: TopazUse): string {
  const scale = topazScale(task, model);
  return `topaz ${model.name} ×${rung.twice && scale === 4 ? '2×2' : scale}`;
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
export async function building<T>(
  { signal, alive, timeScale }: Building,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = lasting('engineBuild', timeScale);
  const pulse = setInterval(() => alive?.(), lasting('beat', timeScale));
  try {
    return await within(limit, signal, act, (cause) => {
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
