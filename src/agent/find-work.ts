/** What to do next: the own episode first, then episodes that nobody has begun, then the others, in the season's order. */
import { boardOf, nextOpen, type Board } from '../domain/board.js';
import { keys, type EpisodeId, type MachineId, type RecipeId, type Unit } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { LifeObserver } from '../store/life.js';
import type { ObjectStore } from '../store/port.js';
import { readRecord } from '../store/records.js';
import type { WorkReader } from '../store/work.js';

export interface Work {
  readonly job: Job;
  readonly board: Board;
  readonly unit: Unit;
  readonly epoch: number;
}

export interface WorkFinder {
  /**
   * The unit to claim now · `doubt`: all is held, some of it by a machine that has not shown yet that it lives · `nothing`: nothing of this
   * season is claimable.
   */
  find(): Promise<Work | 'doubt' | 'nothing'>;
}

export function workFinder(store: ObjectStore, reader: WorkReader, life: LifeObserver, own: EpisodeId): WorkFinder {
  const jobs = new Map<RecipeId, Job>();

  /** The own one first, the others in the season's order. */
  async function readJobs(): Promise<Job[]> {
    const listed = (await store.list(keys.jobs)).map(({ key }) => key);
    for (const key of listed) {
      const recipe = key.slice(keys.jobs.length, -'.json'.length);
      const job = jobs.has(recipe) ? undefined : await readRecord<Job>(store, key);
      if (job?.state === 'found') jobs.set(recipe, job.record);
    }
    // A delivered episode's job is gone from the store.
    const there = [...jobs.values()].filter((job) => listed.includes(keys.job(job.recipe)));
    return there.sort((a, b) => Number(b.episode === own) - Number(a.episode === own) || a.order - b.order);
  }

  return {
    async find() {
      const view = await life.look();
      let begun: Work | undefined;
      let doubt = false;
      for (const job of await readJobs()) {
        const board = boardOf(await reader.read(job.recipe), view.holds(job.recipe));
        const open = nextOpen(board);
        doubt ||= holdersOf(board).some((machine) => !view.proven.has(machine));
        if (!open) continue;
        const work = { job, board, ...open };
        // Nothing goes before it: each further episode would be a listing of its store for nothing.
        if (job.episode === own || open.unit === 'restore') return work;
        begun ??= work;
      }
      return begun ?? (doubt ? 'doubt' : 'nothing');
    },
  };
}

/** Machines that hold a unit of an episode that nothing blocks. */
const holdersOf = (board: Board): MachineId[] =>
  board.blocked ? [] : [...board.units.values()].flatMap((unit) => (unit.state === 'held' ? [unit.machine] : []));
