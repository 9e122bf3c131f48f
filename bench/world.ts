/** A world for the workflows that costs nothing: every activity answers at once, and a machine finishes one episode after the other. */
import { EventEmitter } from 'node:events';
import { Context } from '@temporalio/activity';
import type { CapacityDesk } from '../src/activities/ports.js';
import type { EpisodeId } from '../src/domain/ids.js';
import type { Activities } from '../src/workflows/activities.js';

const BEAT_MS = 1_000;

/** @param stepMs how long restoring an episode takes, and rendering it */
export function costlessWorld(capacity: CapacityDesk, stepMs: number): Activities {
  const restored = new Set<EpisodeId>();
  const open = new Set<EpisodeId>();
  const launches = new Map<EpisodeId, number>();
  const news = new EventEmitter().setMaxListeners(0);

  /** Waits for the world to change, with a heartbeat where it takes long. */
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      Context.current().heartbeat();
      await new Promise<void>((resolve) => {
        const beat = setTimeout(resolve, BEAT_MS);
        news.once('change', () => {
          clearTimeout(beat);
          resolve();
        });
      });
    }
  };

  const step = async (change: () => unknown): Promise<void> => {
    Context.current().heartbeat();
    if (stepMs > 0) await Context.current().sleep(stepMs);
    change();
    news.emit('change');
  };

  return {
    prepareEpisode: async ({ episode }) => {
      open.add(episode);
      return { state: 'ready', recipe: `r-${episode}` };
    },
    collect: async (task) => {
      await until(() => (task.restored ? !open.has(task.episode) : restored.has(task.episode)));
      return task.restored ? 'home' : 'restored';
    },
    assemble: async ({ episode, recipe }) => ({
      episode,
      recipe,
      output: `/season/upscaled/${episode}.mkv`,
      bytes: 1,
      sha256: '0'.repeat(64),
      frames: 1,
      durationSeconds: 1,
      deliveredAt: 0,
    }),
    surveyWork: async ({ episodes }) =>
      episodes.map(({ episode }) => ({
        episode,
        open: open.has(episode) ? 1 : 0,
        finished: open.has(episode) ? 0 : 1,
      })),
    nextLaunch: async ({ episode }) => {
      launches.set(episode, (launches.get(episode) ?? 0) + 1);
      return launches.get(episode) ?? 1;
    },
    // Like an agent, it ends when nothing is claimable.
    watchMachine: async () => {
      for (const episode of open) {
        await step(() => restored.add(episode));
        await step(() => open.delete(episode));
      }
      return { state: 'ended' };
    },
    requestLease: (request) => capacity.request(request),
    returnLease: (workflowId) => capacity.giveBack(workflowId),
    auditLeases: async () => [],
    ...idle(['cleanEpisode', 'launchMachine', 'configureMachine', 'startAgent', 'drainMachine', 'releaseMachine']),
    ...idle(['openSeason', 'closeSeason']),
    notify: () => Promise.resolve([]),
  };
}

type Silent = {
  [K in keyof Activities]: Activities[K] extends (task: never) => Promise<void> ? K : never;
}[keyof Activities];

/** Activities that only happen. */
const idle = <K extends Silent>(names: readonly K[]): Record<K, () => Promise<void>> =>
  Object.fromEntries(names.map((name) => [name, async () => undefined])) as Record<K, () => Promise<void>>;
