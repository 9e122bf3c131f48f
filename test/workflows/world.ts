/** A world for the workflows: seasons without pictures. Every episode has so many units; a machine that works finishes them one by one. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { FailureFact } from '../../src/domain/failures.js';
import {
  CAPACITY_WORKFLOW_ID,
  episodeOfMachine,
  TASK_QUEUE,
  type EpisodeId,
  type MachineId,
} from '../../src/domain/ids.js';
import type { Activities, Notice } from '../../src/workflows/activities.js';
import { requestLeaseSignal, returnLeaseSignal } from '../../src/workflows/messages.js';

export interface World {
  readonly activities: Activities;
  /** What happened, in order: `launch m`, `release m`, `deliver e`… */
  readonly log: string[];
  readonly notices: Notice[];
  readonly alive: Set<MachineId>;
  /** Episodes that fail with this until they are forgiven. */
  readonly broken: Map<EpisodeId, FailureFact>;
  /** What was accepted of an episode's pictures when it was last prepared. */
  readonly accepted: Map<EpisodeId, readonly string[] | undefined>;
  /** Machines that never get to work: their agent is lost at once. */
  loseMachines: boolean;
  /** While true, machines hold what they have and finish nothing. */
  frozen: boolean;
  /** While true, a launch does not come to its end. */
  slowLaunch: boolean;
  /** Why notices do not reach everybody. */
  untold: readonly FailureFact[];
  most: number;
}

const UNITS = 2;
const TICK_MS = 20;

export function makeWorld(client: () => Client, timeScale: number): World {
  const log: string[] = [];
  const done = new Map<EpisodeId, number>();
  const ready = new Set<EpisodeId>();
  const draining = new Set<MachineId>();
  const tick = async (): Promise<void> => {
    Context.current().heartbeat();
    await Context.current().sleep(TICK_MS);
  };
  const unfinished = (): EpisodeId | undefined =>
    [...ready].find((episode) => (done.get(episode) ?? 0) < UNITS && !world.broken.has(episode));
  const capacity = {
    workflowId: CAPACITY_WORKFLOW_ID,
    taskQueue: TASK_QUEUE,
    args: [{ state: { leases: [], queue: [] }, timeScale }] as [unknown],
  };

  const activities: Activities = {
    async prepareEpisode({ episode, forgive, accept }) {
      world.accepted.set(episode, accept);
      if (forgive) world.broken.delete(episode);
      log.push(`prepare ${episode}`);
      ready.add(episode);
      return { state: 'ready', recipe: `r-${episode}` };
    },
    async collect({ episode, restored }) {
      for (;;) {
        const failure = world.broken.get(episode);
        if (failure)
          throw ApplicationFailure.create({
            type: failure.kind,
            message: failure.what,
            details: [failure],
            nonRetryable: true,
          });
        if ((done.get(episode) ?? 0) >= 1 && !restored) return 'restored';
        if ((done.get(episode) ?? 0) >= UNITS) return 'home';
        await tick();
      }
    },
    async assemble({ episode, recipe }) {
      log.push(`deliver ${episode}`);
      ready.delete(episode);
      return {
        episode,
        recipe,
        output: `/out/${episode}.mkv`,
        bytes: 1,
        sha256: 'x',
        frames: 1,
        durationSeconds: 1,
        deliveredAt: 0,
      };
    },
    async cleanEpisode({ episode }) {
      ready.delete(episode);
      log.push(`clean ${episode}`);
    },
    async surveyWork({ episodes }) {
      return episodes.map(({ episode }) => {
        const finished = done.get(episode) ?? 0;
        const held = world.frozen && [...world.alive].some((machine) => episodeOfMachine(machine) === episode);
        return {
          episode,
          finished,
          open: ready.has(episode) && !held && !world.broken.has(episode) ? UNITS - finished : 0,
        };
      });
    },
    async nextLaunch({ episode }) {
      return log.filter((line) => line.startsWith(`launch ${episode}-l`)).length + 1;
    },
    async launchMachine({ machine }) {
      log.push(`launch ${machine}`);
      while (world.slowLaunch) await tick().catch(() => undefined);
      world.alive.add(machine);
      world.most = Math.max(world.most, world.alive.size);
      log.push(`launched ${machine}`);
    },
    async configureMachine() {},
    async startAgent({ machine }) {
      log.push(`start ${machine}`);
    },
    async watchMachine({ machine }) {
      while (!world.loseMachines) {
        if (draining.has(machine)) return { state: 'ended' };
        const next = unfinished();
        if (next === undefined) return { state: 'ended' };
        await tick();
        if (!world.frozen) done.set(next, (done.get(next) ?? 0) + 1);
      }
      return { state: 'lost', failure: { kind: 'machine-lost', what: `${machine} was lost` } };
    },
    async drainMachine({ machine }) {
      log.push(`drain ${machine}`);
      draining.add(machine);
    },
    async releaseMachine({ machine }) {
      world.alive.delete(machine);
      log.push(`release ${machine}`);
    },
    async requestLease(request) {
      await client().workflow.signalWithStart('capacity', {
        ...capacity,
        signal: requestLeaseSignal,
        signalArgs: [request],
      });
    },
    async returnLease(workflowId) {
      await client().workflow.signalWithStart('capacity', {
        ...capacity,
        signal: returnLeaseSignal,
        signalArgs: [workflowId],
      });
    },
    auditLeases: async () => [],
    async openSeason({ season }) {
      log.push(`open ${season}`);
    },
    async closeSeason({ season }) {
      log.push(`close ${season}`);
    },
    async notify(notice) {
      world.notices.push(notice);
      return world.untold;
    },
  };
  const world: World = {
    activities,
    log,
    notices: [],
    alive: new Set(),
    broken: new Map(),
    accepted: new Map(),
    loseMachines: false,
    frozen: false,
    slowLaunch: false,
    untold: [],
    most: 0,
  };
  return world;
}
