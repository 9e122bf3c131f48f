import { Context } from '@temporalio/activity';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/cli/client.js';
import { seasonClient } from '../../src/cli/season-client.js';
import { seasonInput } from '../../src/cli/season-input.js';
import type { SeasonStatus } from '../../src/cli/season-status.js';
import { seasonWorkflowId } from '../../src/domain/ids.js';
import type { SeasonPlan } from '../../src/domain/season.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import type { Activities } from '../../src/workflows/activities.js';
import type { CollectHeartbeat } from '../../src/workflows/messages.js';
import { temporaryFolder } from '../helpers/folder.js';
import { temporalServer, withWorker } from '../helpers/temporal.js';
import { until } from '../helpers/until.js';
import { makeWorld, type World } from '../workflows/world.js';
import { planOf, recordOf } from './plans.js';
import { taaf, type Ran, type Surroundings } from './harness.js';

const TIME_SCALE = 200;
let server: TestWorkflowEnvironment;
beforeAll(async () => {
  server = await temporalServer();
});
afterAll(() => server.teardown());

/** A place where Temporal may be asked for and nobody answers. */
const NOBODY = '127.0.0.1:1';

/** A computer that has submitted a season of three episodes, or is about to. */
async function computer() {
  const home = await temporaryFolder();
  const season = `show-${randomUUID().slice(0, 8)}`;
  const plan = planOf(season, ['one', 'two', 'three']);
  const registry = seasonRegistry(join(home, 'data'));
  await registry.save(recordOf(plan, home), plan);
  const env = { TAAF_HOME: home, TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'default' };
  const run = (argv: readonly string[], more: Surroundings = {}): Promise<Ran> =>
    taaf(argv, { env, cwd: home, ...more });
  return { home, season, plan, registry, env, run };
}

type Computer = Awaited<ReturnType<typeof computer>>;

async function start({ env, season }: Computer, plan: SeasonPlan): Promise<string> {
  const temporal = await connect(env);
  const options = {
    planHash: 'x',
    pools: [{ name: season, limit: 1, units: 1 }],
    width: undefined,
    timeScale: TIME_SCALE,
  };
  const state = await seasonClient(temporal).start(seasonInput(plan, options));
  await temporal.close();
  return state;
}

/** Plays with a season that runs in a world of its own. */
async function play(
  act: (world: World, here: Computer) => Promise<void>,
  other: Partial<Activities> = {},
): Promise<void> {
  const here = await computer();
  const world = makeWorld(() => server.client, TIME_SCALE);
  await withWorker(server, { ...world.activities, ...other }, async () => {
    expect(await start(here, here.plan)).toBe('started');
    try {
      await act(world, here);
    } finally {
      await server.client.workflow
        .getHandle(seasonWorkflowId(here.season))
        .terminate()
        .catch(() => undefined);
    }
  });
}

const statusOf = async ({ run }: Computer): Promise<SeasonStatus> =>
  JSON.parse((await run(['status', '--json'])).stdout) as SeasonStatus;
describe('a season on the command line', () => {
  it('is one season however often it is submitted', () =>
    play(async (world, here) => {
      world.frozen = true;
      expect(await start(here, here.plan)).toBe('already running');
      expect(await start(here, { ...here.plan, title: 'again' })).toBe('already running');
      expect((await statusOf(here)).title).toBe(here.plan.title);
    }));

  it('is watched to its end as a line per event, and then listed as done', () =>
    play(async (_world, here) => {
      const ran = await here.run(['watch']);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      for (const stem of ['one', 'two', 'three']) expect(ran.stdout).toContain(`${stem}: done: /out/`);
      expect(ran.stdout.trimEnd().split('\n').at(-1)).toContain(`${here.season}: done`);
      expect(JSON.parse((await here.run(['list', '--json'])).stdout)).toMatchObject([
        { season: here.season, state: 'done' },
      ]);
    }));

  it('is left by Ctrl-C, which stops nothing', () =>
    play(async (world, here) => {
      world.frozen = true;
      const interrupt = new AbortController();
      const watching = here.run(['watch', '--json'], { signal: interrupt.signal });
      await until(() => world.alive.size === 1);
      interrupt.abort();
      const ran = await watching;
      expect(ran.code).toBe(0);
      expect(ran.stderr).toContain('Rendering continues in the background; `taaf cancel` stops it.');
      for (const line of ran.stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('kind');
      expect((await statusOf(here)).state).toBe('running');
    }));

  it('is paused, resumed and cancelled', () =>
    play(async (world, here) => {
      world.frozen = true;
      expect(await here.run(['pause'])).toMatchObject({ code: 0 });
      expect((await statusOf(here)).state).toBe('paused');
      expect(await here.run(['resume', here.season.slice(0, 8)])).toMatchObject({ code: 0 });
      expect((await statusOf(here)).state).toBe('running');
      world.frozen = false;
      expect(await here.run(['cancel', 'three'])).toMatchObject({ code: 0 });
      expect(await here.run(['cancel'])).toMatchObject({ code: 0 });
      await until(async () => (await statusOf(here)).state === 'cancelled');
      expect(await here.run(['watch'])).toMatchObject({ code: 1 });
    }));

  it('says why an episode failed, waits for the human, and goes on after retry', () =>
    play(async (world, here) => {
      const failure = { kind: 'bad-source', what: 'the disc is scratched', evidence: 'Invalid data' } as const;
      world.broken.set(here.plan.episodes[1]?.id ?? '', failure);
      expect(await here.run(['watch'])).toMatchObject({ code: 3 });
      const why = await here.run(['why', '2']);
      expect(why.stdout).toContain('the disc is scratched');
      expect(why.stdout).toContain('Kind: bad-source');
      expect(await here.run(['retry', 'one'])).toMatchObject({ code: 2, stdout: '' });
      const wrong = await here.run(['retry', 'two', '--accept', 'gren']);
      expect(wrong).toMatchObject({ code: 2 });
      expect(wrong.stderr).toContain('green');
      expect(await here.run(['retry', 'two', '--accept', 'green'])).toMatchObject({ code: 0 });
      expect(await here.run(['watch'])).toMatchObject({ code: 0 });
      expect(world.accepted.get(here.plan.episodes[1]?.id ?? '')).toEqual(['green']);
    }));

  it('that waits for the human ends as it is when it is cancelled', () =>
    play(async (world, here) => {
      world.broken.set(here.plan.episodes[1]?.id ?? '', { kind: 'bad-source', what: 'the disc is scratched' });
      await here.run(['watch']);
      const ran = await here.run(['cancel']);
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain('what failed stays undone');
      expect(await here.run(['watch'])).toMatchObject({ code: 1 });
      const { state, episodes } = await statusOf(here);
      expect([state, ...episodes.map(({ phase }) => phase)]).toEqual(['done', 'done', 'failed', 'done']);
      world.broken.clear();
      const retried = await here.run(['retry', 'two', '--accept', 'green,unlike']);
      expect(retried).toMatchObject({ code: 0 });
      expect(retried.stdout).toContain(
        'A picture that is green where the restored one is not is delivered from now on',
      );
      expect(await here.run(['watch'])).toMatchObject({ code: 0 });
      const accepted = here.plan.episodes.map(({ id }) => world.accepted.get(id));
      expect(accepted).toEqual([[], ['green', 'unlike'], []]);
    }));

  it('shows frames, speed and machines that the episode’s activity reports', () => {
    const beat: CollectHeartbeat = { frames: 250, total: 1000, rate: 2.5, machines: ['m1'], restoring: false };
    const collect = async (): Promise<never> => {
      for (;;) {
        Context.current().heartbeat(beat);
        await Context.current().sleep(20);
      }
    };
    return play(
      async (_world, here) => {
        await until(async () => (await statusOf(here)).episodes.some(({ progress }) => progress !== undefined));
        const [episode] = (await statusOf(here)).episodes.filter(({ progress }) => progress !== undefined);
        expect(episode?.progress).toEqual({ ...beat, etaSeconds: 300 });
        expect((await here.run(['status'])).stdout).toMatch(/25%\s+2\.5\s+5m/);
      },
      { collect },
    );
  });

  it('is known from the records when no worker answers', async () => {
    const here = await computer();
    await start(here, here.plan);
    await here.registry.deliver(here.season, {
      episode: here.plan.episodes[0]?.id ?? '',
      recipe: 'r-x',
      output: '/out/one.mkv',
      bytes: 1,
      sha256: '00',
      frames: 10,
      durationSeconds: 1,
      deliveredAt: 0,
    });
    const status = await statusOf(here);
    expect(status).toMatchObject({ source: 'records', state: 'running' });
    expect(status.episodes.map(({ phase }) => phase)).toEqual(['done', 'queued', 'queued']);
    const paused = await here.run(['pause']);
    expect(paused).toMatchObject({ code: 1 });
    expect(paused.stderr).toContain('No worker took the request');
    await server.client.workflow.getHandle(seasonWorkflowId(here.season)).terminate();
  });

  it('is known from the records when Temporal itself does not answer', async () => {
    const here = await computer();
    const env = { ...here.env, TEMPORAL_ADDRESS: NOBODY };
    const ran = await here.run(['status'], { env });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('this is what this computer remembers');
    expect(ran.stderr).toContain(NOBODY);
  });
});

describe('Temporal’s own configuration', () => {
  it('that cannot be read is wrong usage, with the reason', async () => {
    const here = await computer();
    const ran = await here.run(['status'], { env: { ...here.env, TEMPORAL_PROFILE: 'nowhere' } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('nowhere');
  });

  it('that names nothing and no server of our own is answered with the command that starts one', async () => {
    const here = await computer();
    const ran = await here.run(['pause'], { env: { TAAF_HOME: here.home } });
    expect(ran.code).toBe(1);
    expect(ran.stderr.trimEnd().split('\n').at(-1)).toBe('  Next: Run: taaf up');
  });
});
