/** What the agent has in hand, told to the world: announced before it is claimed, beaten while it lasts. */
import { Failure } from '../domain/failures.js';
import { keys, type MachineId, type RecipeId, type Unit } from '../domain/ids.js';
import type { MachineProgress, UnitProgress } from '../domain/job.js';
import { pause } from '../process/pause.js';
import type { ObjectStore } from '../store/port.js';
import { seal } from '../store/records.js';

export interface Hand {
  /** Tells the world that nothing is in hand, whatever an agent of this machine had before it died. */
  open(): Promise<void>;
  /** Tells the world at once that the unit is about to be claimed. */
  take(recipe: RecipeId, unit: Unit, epoch: number): Promise<void>;
  /** Frames done so far, and in all where that is known (0 elsewhere). */
  report(frames: number, total: number): void;
  /** Nothing is in hand any more; the next report says so. */
  drop(): void;
  /** Beats until the signal, and looks each time whether the work is still wanted. @throws Failure `cancelled` when it is not, or what the store threw */
  beat(signal: AbortSignal): Promise<void>;
}

/**
 * @param beatMs milliseconds between two beats
 * @param now monotonic milliseconds
 */
export function openHand(
  store: ObjectStore,
  machine: MachineId,
  beatMs: number,
  now: () => number = () => performance.now(),
): Hand {
  let held: UnitProgress | undefined;
  let beats = 0;
  let last = { frames: 0, at: now() };

  const write = async (): Promise<void> => {
    const progress: MachineProgress = { machine, beat: ++beats, units: held ? [held] : [] };
    await store.put(keys.progress(machine), { bytes: seal(progress) });
  };
  const measure = (): void => {
    if (!held) return;
    const seconds = (now() - last.at) / 1000;
    held = { ...held, rate: seconds > 0 ? Math.max(0, held.frames - last.frames) / seconds : 0 };
    last = { frames: held.frames, at: now() };
  };

  /** The job of an episode that was cancelled is gone from the store. */
  const refuseUnwanted = async (): Promise<void> => {
    if (held && !(await store.stat(keys.job(held.recipe)))) throw new Failure('cancelled', 'The episode was cancelled');
  };

  return {
    open: write,
    async take(recipe, unit, epoch) {
      held = { recipe, unit, epoch, frames: 0, total: 0, rate: 0 };
      last = { frames: 0, at: now() };
      await write();
    },
    report(frames, total) {
      if (held) held = { ...held, frames, total };
    },
    drop() {
      held = undefined;
    },
    async beat(signal) {
      while (!signal.aborted) {
        await pause(beatMs, signal);
        measure();
        await write();
        await refuseUnwanted();
      }
    },
  };
}
