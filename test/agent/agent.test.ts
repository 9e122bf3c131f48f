import { copyFile, mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { keys } from '../../src/domain/ids.js';
import type { Job, MachineEnd, MachineProgress, UnitFailure } from '../../src/domain/job.js';
import { createRecord, readRecord } from '../../src/store/records.js';
import { progressive } from '../fixtures/media.js';
import { frameHashes } from '../helpers/frame-hashes.js';
import { temporaryFolder } from '../helpers/folder.js';
import { groupLives } from '../helpers/processes.js';
import { until } from '../helpers/until.js';
import { openStage, type Agent, type Stage } from './stage.js';

const FRAMES = 96;
let shared: string;
let source: string;
let stage: Stage;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'taaf-agent-'));
  source = await progressive(shared, FRAMES);
});
afterAll(() => rm(shared, { recursive: true, force: true }));
beforeEach(async () => {
  stage = openStage(await temporaryFolder());
});

const endOf = async (agent: Agent): Promise<string | undefined> => {
  const end = await readRecord<MachineEnd>(stage.store, keys.ended(agent.machine));
  return end.state === 'found' ? end.record.reason : undefined;
};

async function start(job: Job, launch: number, env?: Record<string, string>): Promise<Agent> {
  const agent = await stage.agent(job.episode, launch, env);
  onTestFinished(() => {
    agent.process.kill('SIGCONT');
    agent.process.kill('SIGKILL');
  });
  return agent;
}

/** Hashes of all decoded frames of the finished episode, in order. */
async function pictures(job: Job): Promise<string[]> {
  const receipts = (await stage.receipts(job)).sort((a, b) => a.segment - b.segment);
  const files = receipts.map(({ key }) => join(stage.folder, 'store', key));
  return (await Promise.all(files.map(frameHashes))).flat();
}

async function rendered(job: Job): Promise<boolean> {
  return (await stage.board(job)).rendered;
}

describe('an agent', () => {
  it('restores and renders every episode of its season, its own first, then ends and says why', async () => {
    const first = await stage.addEpisode(1, source);
    const second = await stage.addEpisode(2, source);
    const agent = await start(second, 1);
    expect(await agent.ended).toBe(0);
    expect(await endOf(agent)).toBe('nothing-left');
    expect([await rendered(first), await rendered(second)]).toEqual([true, true]);
    expect(await pictures(first)).toHaveLength(FRAMES);
    const log = await stage.store.list(keys.logs(agent.machine));
    const text = (
      await Promise.all(log.map(async ({ key }) => (await (await stage.store.get(key))?.read())?.toString() ?? ''))
    ).join('');
    expect(text.indexOf(`${second.episode}: restore begins`)).toBeLessThan(
      text.indexOf(`${first.episode}: restore begins`),
    );
    expect(text.indexOf(`${second.episode}: restore begins`)).toBeGreaterThan(0);
    expect(await readdir(join(stage.folder, 'machines', agent.machine))).not.toContain('unit');
  });

  it('shares one episode with another: every segment is rendered once', async () => {
    const job = await stage.addEpisode(1, source);
    const agents = await Promise.all([start(job, 1), start(job, 2)]);
    await Promise.all(agents.map(({ ended }) => ended));
    // Whoever found all in hand of the other has ended; a third finds what is left, if anything is.
    await (
      await start(job, 3)
    ).ended;
    expect(await rendered(job)).toBe(true);
    const made = await stage.store.list(`${keys.work(job.recipe)}segments/`);
    expect(made).toHaveLength((await stage.receipts(job)).length);
    expect(await pictures(job)).toHaveLength(FRAMES);
  });

  it.each(['restore', 'segment'] as const)(
    'killed in the middle of a %s leaves no program, and another makes the same frames',
    async (step) => {
      const calm = await stage.addEpisode(1, source);
      await (
        await start(calm, 1)
      ).ended;
      const expected = await pictures(calm);

      const points = join(stage.folder, 'failpoints');
      await mkdir(points);
      await writeFile(join(points, step), '');
      const job = await stage.addEpisode(2, source);
      const victim = await start(job, 1, { TAAF_FAILPOINTS: points });
      expect(await victim.ended).toBe('SIGKILL');
      await until(() => !groupLives(victim.process.pid));
      expect(await rendered(job)).toBe(false);
      // Whoever confirms the end frees its claims at once.
      await createRecord(stage.store, keys.ended(victim.machine), { machine: victim.machine, reason: 'gone' });
      await (
        await start(job, 2)
      ).ended;
      expect(await pictures(job)).toEqual(expected);
    },
  );

  it('frozen for too long loses its unit to another, and its late result does no harm', async () => {
    const job = await stage.addEpisode(1, source);
    const frozen = await start(job, 1);
    await until(async () => {
      const progress = await readRecord<MachineProgress>(stage.store, keys.progress(frozen.machine));
      return progress.state === 'found' && progress.record.units.some(({ unit }) => unit !== 'restore');
    });
    process.kill(-(frozen.process.pid ?? 0), 'SIGSTOP');
    expect(await rendered(job)).toBe(false);
    // Nobody has confirmed its end: the other must see for itself that it shows no life.
    await (
      await start(job, 2)
    ).ended;
    expect(await rendered(job)).toBe(true);
    process.kill(-(frozen.process.pid ?? 0), 'SIGCONT');
    expect(await frozen.ended).toBe(0);
    expect(await pictures(job)).toHaveLength(FRAMES);
  });

  it('notices a damaged restored segment, voids the manifest and restores again', async () => {
    const job = await stage.addEpisode(1, source);
    const agent = await start(job, 1);
    await until(async () => (await stage.board(job)).records.manifest !== undefined);
    await createRecord(stage.store, keys.drain(agent.machine), {});
    await agent.ended;
    const { records } = await stage.board(job);
    const last = records.manifest?.record.segments.at(-1);
    await damage(join(stage.folder, 'store', last?.key ?? ''));
    await (
      await start(job, 2)
    ).ended;
    const board = await stage.board(job);
    expect(board.rendered).toBe(true);
    expect(board.records.manifest?.edition).toBe(1);
    expect(await pictures(job)).toHaveLength(FRAMES);
  });

  it('finishes what it has in hand when asked to drain, and begins nothing more', async () => {
    const job = await stage.addEpisode(1, source);
    const agent = await start(job, 1);
    await until(async () => (await stage.receipts(job)).length > 0);
    await createRecord(stage.store, keys.drain(agent.machine), {});
    expect(await agent.ended).toBe(0);
    expect(await endOf(agent)).toBe('drained');
  });

  it('drops what it has in hand when the episode is cancelled, without a failure', async () => {
    const job = await stage.addEpisode(1, source);
    const agent = await start(job, 1);
    await until(async () => (await stage.board(job)).records.manifest !== undefined);
    await stage.store.remove(keys.job(job.recipe));
    expect(await agent.ended).toBe(0);
    expect(await stage.store.list(`${keys.work(job.recipe)}failures/`)).toEqual([]);
  });

  it('records why a source cannot be restored, once, and goes on with the next episode', async () => {
    const broken = join(stage.folder, 'broken.mkv');
    await copyFile(source, broken);
    const bad = await stage.addEpisode(1, broken);
    await damage(join(stage.folder, 'store', bad.source.key));
    const good = await stage.addEpisode(2, source);
    await (
      await start(bad, 1)
    ).ended;
    expect(await rendered(good)).toBe(true);
    const failures = await stage.store.list(`${keys.work(bad.recipe)}failures/`);
    expect(failures).toHaveLength(1);
    const failure = await readRecord<UnitFailure>(stage.store, failures[0]?.key ?? '');
    expect(failure).toMatchObject({ state: 'found', record: { kind: 'bad-source' } });
  });
});

/** Changes bytes in the middle of a file, in place. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.alloc(64, 0x55), 0, 64, Math.floor((await file.stat()).size / 2));
  } finally {
    await file.close();
  }
}
