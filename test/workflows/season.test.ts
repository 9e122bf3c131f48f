import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailureFact } from '../../src/domain/failures.js';
import { seasonWorkflowId, TASK_QUEUE } from '../../src/domain/ids.js';
import {
  approveUpdate,
  cancelEpisodeUpdate,
  cancelUpdate,
  giveUpUpdate,
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  setWidthUpdate,
  statusQuery,
  type SeasonInput,
  type SeasonResult,
  type SeasonView,
} from '../../src/workflows/messages.js';
import { temporalServer, withWorker } from '../helpers/temporal.js';
import { until } from '../helpers/until.js';
import { makeWorld, type World } from './world.js';

const TIME_SCALE = 200;
let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await temporalServer();
});
afterAll(() => env.teardown());

function input(episodes: number, change: Partial<SeasonInput> = {}): SeasonInput {
  return {
    season: `show-${randomUUID().slice(0, 8)}`,
    title: 'Show',
    fleet: 'local',
    planHash: 'x',
    episodes: Array.from({ length: episodes }, (_, n) => ({
      id: `e0${n + 1}-aa`,
      number: n + 1,
      stem: `ep ${n + 1}`,
      frames: 10,
    })),
    pools: [{ name: randomUUID(), limit: 2, units: 1 }],
    width: 2,
    machinesPerEpisode: 1,
    out: '/out',
    keepStore: false,
    timeScale: TIME_SCALE,
    ...change,
  };
}

async function run(
  season: SeasonInput,
  play: (world: World, handle: Awaited<ReturnType<typeof start>>) => Promise<void> = async () => undefined,
): Promise<{ world: World; result: SeasonResult }> {
  const world = makeWorld(() => env.client, TIME_SCALE);
  const result = await withWorker(env, world.activities, async () => {
    const handle = await start(season);
    try {
      await play(world, handle);
      return (await handle.result()) as SeasonResult;
    } finally {
      // A failed test leaves no workflow to the worker of the next one.
      await handle.terminate().catch(() => undefined);
    }
  });
  return { world, result };
}

const start = (season: SeasonInput) =>
  env.client.workflow.start('season', {
    workflowId: seasonWorkflowId(season.season),
    taskQueue: TASK_QUEUE,
    args: [season],
  });

const phases = (view: Pick<SeasonView, 'episodes'>): string[] => view.episodes.map(({ phase }) => phase);

const machinesIn = (world: World, word: string): string[] =>
  world.log.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const launchedOf = (world: World): string[] => machinesIn(world, 'launch');
const releasedOf = (world: World): string[] => machinesIn(world, 'release');

describe('a season', () => {
  it('delivers every episode, on machines that are all given back, and says so once', async () => {
    const { world, result } = await run(input(4));
    expect(result.state).toBe('done');
    expect(phases(result)).toEqual(['done', 'done', 'done', 'done']);
    expect(world.alive.size).toBe(0);
    expect(world.most).toBeLessThanOrEqual(2);
    expect(releasedOf(world)).toEqual(expect.arrayContaining(launchedOf(world)));
    expect(world.notices.map(({ kind, done }) => [kind, done])).toEqual([['finished', 4]]);
    expect(world.log.at(-1)).toMatch(/^close /);
  });

  it('goes on when one episode fails, waits for the human, and finishes after retry', async () => {
    const season = input(3);
    const { world, result } = await run(season, async (world, handle) => {
      world.broken.set('e02-aa', { kind: 'bad-source', what: 'the disc is scratched' });
      await until(async () => (await handle.query(statusQuery)).state === 'attention');
      const view = await handle.query(statusQuery);
      expect(phases(view)).toEqual(['done', 'failed', 'done']);
      expect(view.episodes[1]?.failure).toEqual({ kind: 'bad-source', what: 'the disc is scratched' });
      await expect(handle.executeUpdate(retryUpdate, { args: ['e01-aa'] })).rejects.toMatchObject({
        cause: { type: 'usage' },
      });
      await expect(handle.executeUpdate(retryUpdate, { args: ['e99'] })).rejects.toMatchObject({
        cause: { type: 'usage' },
      });
      await handle.executeUpdate(retryUpdate, { args: ['e02-aa'] });
    });
    expect(phases(result)).toEqual(['done', 'done', 'done']);
    expect(world.log.filter((line) => line === 'prepare e01-aa')).toHaveLength(1);
    expect(world.notices.map(({ kind }) => kind)).toEqual(['attention', 'finished']);
  });

  it('accepts on retry what a picture was refused for, more each time, and nothing that no picture is refused for', async () => {
    const refused = (what: string): FailureFact => ({ kind: 'verify-failed', what });
    const { world, result } = await run(input(2), async (world, handle) => {
      const failsAgain = async (what: string) => {
        await until(async () => (await handle.query(statusQuery)).episodes[0]?.failure?.what === what);
      };
      world.broken.set('e01-aa', refused('green'));
      await failsAgain('green');
      const nonsense = { args: ['e01-aa', ['length']] as unknown as [string] };
      await expect(handle.executeUpdate(retryUpdate, nonsense)).rejects.toMatchObject({ cause: { type: 'usage' } });
      world.frozen = true;
      await handle.executeUpdate(retryUpdate, { args: ['e01-aa', ['green']] });
      await until(async () => world.accepted.get('e01-aa')?.length === 1);
      world.broken.set('e01-aa', refused('also unlike'));
      await failsAgain('also unlike');
      world.frozen = false;
      await handle.executeUpdate(retryUpdate, { args: ['e01-aa', ['unlike']] });
    });
    expect(phases(result)).toEqual(['done', 'done']);
    expect(world.accepted.get('e01-aa')).toEqual(['green', 'unlike']);
    expect(world.accepted.get('e02-aa')).toEqual([]);
  });

  it('is no worse for people who cannot be told, and says so', async () => {
    const { result } = await run(input(1), async (world) => {
      world.untold = [{ kind: 'network', what: 'ntfy://… did not take the message' }];
    });
    expect(result.state).toBe('done');
    expect(result.untold).toEqual([{ kind: 'network', what: 'ntfy://… did not take the message' }]);
  });

  it('ends when what failed is given up', async () => {
    const { result } = await run(input(2), async (world, handle) => {
      world.broken.set('e01-aa', { kind: 'unsupported', what: 'no picture' });
      await until(async () => (await handle.query(statusQuery)).state === 'attention');
      await handle.executeUpdate(giveUpUpdate);
    });
    expect(phases(result)).toEqual(['failed', 'done']);
    expect(result.state).toBe('done');
  });

  it('replaces lost machines, and gives an episode up after three in a row that finished nothing', async () => {
    const { world, result } = await run(input(1), async (world, handle) => {
      world.loseMachines = true;
      await until(async () => (await handle.query(statusQuery)).state === 'attention');
      expect(world.log.filter((line) => line.startsWith('launch '))).toEqual([
        'launch e01-aa-l1',
        'launch e01-aa-l2',
        'launch e01-aa-l3',
      ]);
      expect((await handle.query(statusQuery)).episodes[0]?.failure?.kind).toBe('machine-lost');
      world.loseMachines = false;
      await handle.executeUpdate(retryUpdate, { args: ['e01-aa'] });
    });
    expect(phases(result)).toEqual(['done']);
    expect(world.log).toContain('release e01-aa-l4');
  });

  it('leaves no machine when it is cancelled while they work', async () => {
    const { world, result } = await run(input(3), async (world, handle) => {
      world.frozen = true;
      await until(async () => world.alive.size === 2);
      await handle.executeUpdate(cancelUpdate, { args: [{ discard: false }] });
    });
    expect(result.state).toBe('cancelled');
    expect(phases(result)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(world.alive.size).toBe(0);
    expect(releasedOf(world)).toEqual(expect.arrayContaining(launchedOf(world)));
    expect(world.log.at(-1)).toMatch(/^close /);
    expect(world.notices.map(({ kind }) => kind)).toEqual(['cancelled']);
  });

  it('cleans up the same way when it is cancelled from the Web UI', async () => {
    const { world, result } = await run(input(2), async (world, handle) => {
      world.frozen = true;
      await until(async () => world.alive.size > 0);
      await handle.cancel();
    });
    expect(result.state).toBe('cancelled');
    expect(world.alive.size).toBe(0);
  });

  it('cancels one episode and finishes the others', async () => {
    const { result } = await run(input(2), async (world, handle) => {
      world.frozen = true;
      await until(async () => world.alive.size === 2);
      await handle.executeUpdate(cancelEpisodeUpdate, { args: ['e02-aa'] });
      await until(async () => phases(await handle.query(statusQuery))[1] === 'cancelled');
      world.frozen = false;
    });
    expect(phases(result)).toEqual(['done', 'cancelled']);
    expect(result.state).toBe('done');
  });

  it('pauses by letting machines finish what they have, and resumes with new ones', async () => {
    const { world, result } = await run(input(2), async (world, handle) => {
      world.frozen = true;
      await until(async () => world.alive.size === 2);
      await handle.executeUpdate(pauseUpdate);
      await until(async () => world.alive.size === 0);
      expect((await handle.query(statusQuery)).state).toBe('paused');
      world.frozen = false;
      await handle.executeUpdate(resumeUpdate);
    });
    expect(phases(result)).toEqual(['done', 'done']);
    expect(world.log.filter((line) => line.startsWith('drain '))).toHaveLength(2);
  });

  it('refuses a width that makes no sense, and takes one that does', async () => {
    await run(input(1), async (_world, handle) => {
      await expect(handle.executeUpdate(setWidthUpdate, { args: [0] })).rejects.toMatchObject({
        cause: { type: 'usage' },
      });
      await handle.executeUpdate(setWidthUpdate, { args: [5] });
      expect((await handle.query(statusQuery)).width).toBe(5);
    });
  });

  it('with a pilot renders one episode, gives its machine back, and waits for a yes', async () => {
    const { world, result } = await run(input(3, { pilot: true }), async (world, handle) => {
      await expect(handle.executeUpdate(approveUpdate)).rejects.toMatchObject({ cause: { type: 'usage' } });
      await until(async () => world.notices.length === 1);
      const view = await handle.query(statusQuery);
      expect(view.state).toBe('approval');
      expect(view.safeToClose).toBe(true);
      expect(phases(view)).toEqual(['done', 'queued', 'queued']);
      expect(world.alive.size).toBe(0);
      await handle.executeUpdate(approveUpdate);
    });
    expect(phases(result)).toEqual(['done', 'done', 'done']);
    expect(world.notices.map(({ kind }) => kind)).toEqual(['approval', 'finished']);
  });

  it('without a licence stops before more is spent, and goes on after retry and resume', async () => {
    const { result } = await run(input(3), async (world, handle) => {
      world.frozen = true;
      await until(async () => world.alive.size === 2);
      world.broken.set('e01-aa', { kind: 'licence', what: 'the engine put its mark into the picture' });
      await until(async () => world.alive.size === 0);
      const view = await handle.query(statusQuery);
      expect(view.state).toBe('paused');
      expect(phases(view)[0]).toBe('failed');
      const launches = launchedOf(world).length;
      world.frozen = false;
      await handle.executeUpdate(retryUpdate, { args: ['e01-aa'] });
      expect(launchedOf(world)).toHaveLength(launches);
      await handle.executeUpdate(resumeUpdate);
    });
    expect(phases(result)).toEqual(['done', 'done', 'done']);
  });

  it('E10: cancelled while a launch is under way ends the machine after the launch, never beside it', async () => {
    const { world, result } = await run(input(1), async (world, handle) => {
      world.slowLaunch = true;
      await until(async () => (await handle.query(statusQuery)).machines[0]?.step === 'launching');
      expect((await handle.query(statusQuery)).safeToClose).toBe(false);
      await handle.executeUpdate(cancelUpdate, { args: [{ discard: true }] });
      await until(async () => (await handle.query(statusQuery)).state === 'cancelling');
      world.slowLaunch = false;
    });
    expect(result.state).toBe('cancelled');
    expect(world.alive.size).toBe(0);
    expect(world.log.indexOf('release e01-aa-l1')).toBeGreaterThan(world.log.indexOf('launched e01-aa-l1'));
  });

  it('shares one pool fairly with another season: the first gives way after its quantum', async () => {
    const pools = [{ name: randomUUID(), limit: 1, units: 1 }];
    const first = input(3, { pools });
    const second = input(1, { pools, episodes: [{ id: 'e09-bb', number: 1, stem: 'other', frames: 1 }] });
    const world = makeWorld(() => env.client, TIME_SCALE);
    await withWorker(env, world.activities, async () => {
      world.frozen = true;
      const one = await start(first);
      await until(async () => world.alive.size === 1);
      const two = await start(second);
      await until(async () => world.log.includes('launch e09-bb-l1'));
      world.frozen = false;
      await Promise.all([one.result(), two.result()]);
    });
    expect(world.most).toBe(1);
    expect(world.log.findIndex((line) => line.startsWith('drain e0'))).toBeLessThan(
      world.log.indexOf('launch e09-bb-l1'),
    );
    expect(world.alive.size).toBe(0);
  });
});
