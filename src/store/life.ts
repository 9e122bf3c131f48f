/** Who lives: an observer sees a machine's life in the change of its progress object, by the observer's own monotonic clock. */
import type { Holds } from '../domain/board.js';
import { keys, type MachineId, type RecipeId } from '../domain/ids.js';
import type { MachineProgress } from '../domain/job.js';
import type { ObjectStore } from './port.js';
import { readRecord } from './records.js';

export interface LifeView {
  /** Machines that have shown life, with their last progress. */
  readonly alive: readonly MachineProgress[];
  /** Machines whose beat has changed while we looked: they live for sure, the others only have not been silent for too long. */
  readonly proven: ReadonlySet<MachineId>;
  /** Every machine that ever was here. */
  readonly machines: readonly MachineId[];
  holds(recipe: RecipeId): Holds;
}

export interface LifeObserver {
  look(): Promise<LifeView>;
}

/**
 * @param staleMs a machine whose beat has not changed for so long holds nothing any more
 * @param now monotonic milliseconds
 */
export function lifeObserver(
  store: ObjectStore,
  staleMs: number,
  now: () => number = () => performance.now(),
): LifeObserver {
  const seen = new Map<MachineId, { readonly beat: number; readonly at: number }>();
  const proven = new Set<MachineId>();
  // Time counts only while we look: after a sleep of the whole computer nobody is dead before he could beat again.
  let observed = 0;
  let lastLook = now();

  async function progressOf(machine: MachineId): Promise<MachineProgress | undefined> {
    const found = await readRecord<MachineProgress>(store, keys.progress(machine));
    if (found.state !== 'found') return undefined;
    const last = seen.get(machine);
    if (last && last.beat !== found.record.beat) proven.add(machine);
    if (last?.beat !== found.record.beat) seen.set(machine, { beat: found.record.beat, at: observed });
    return observed - (seen.get(machine)?.at ?? observed) < staleMs ? found.record : undefined;
  }

  async function look(): Promise<LifeView> {
    observed += Math.min(now() - lastLook, staleMs / 4);
    lastLook = now();
    const listed = (await store.list(keys.machines)).map(({ key }) => key);
    const machines = [...new Set(listed.map((key) => key.split('/')[1] ?? ''))];
    const ended = new Set(machines.filter((machine) => listed.includes(keys.ended(machine))));
    const alive: MachineProgress[] = [];
    for (const machine of machines.filter((name) => !ended.has(name))) {
      const progress = await progressOf(machine);
      if (progress) alive.push(progress);
    }
    const holds =
      (recipe: RecipeId): Holds =>
      (machine, unit, epoch) =>
        alive
          .find((progress) => progress.machine === machine)
          ?.units.some((held) => held.recipe === recipe && held.unit === unit && held.epoch === epoch) ?? false;
    return { alive, machines, proven, holds };
  }
  return { look };
}
