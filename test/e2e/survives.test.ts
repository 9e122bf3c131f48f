import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameHashes } from '../helpers/frame-hashes.js';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { FRAMES, smallSeason, type SmallSeason } from './season.js';

let root: string;
let home: Home;
let season: SmallSeason;
let expected: string[][];
let runs = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-e2e-'));
  home = await openHome();
  season = await smallSeason(root, 'calm', 2);
  const out = join(root, 'out-calm');
  const id = await home.submit(season.folder, '--profile', season.profile, '--out', out);
  expect((await home.settled(id)).state).toBe('done');
  expected = await picturesIn(out);
  expect(expected.map((frames) => frames.length)).toEqual([FRAMES, FRAMES]);
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

const picturesIn = (out: string): Promise<string[][]> =>
  Promise.all(season.results.map((name) => frameHashes(join(out, name))));

/** Submits the same pictures as a season of their own. */
async function submitted(): Promise<{ id: string; out: string }> {
  const copy = join(root, `season-${++runs}`);
  await cp(season.folder, copy, { recursive: true, preserveTimestamps: true });
  const out = join(root, `out-${runs}`);
  return { id: await home.submit(copy, '--profile', season.profile, '--out', out), out };
}

/** Everything is there, frame for frame, and nothing else is: no program, no file in the making. */
async function expectWhole(id: string, out: string): Promise<void> {
  const status = await home.settled(id);
  expect(status.episodes.map(({ phase, failure }) => failure ?? phase)).toEqual(['done', 'done']);
  expect(await picturesIn(out)).toEqual(expected);
  expect((await readdir(out)).sort()).toEqual([...season.results].sort());
  await until(() => home.pids('agent.js').length === 0);
  expect(home.pids('ffmpeg')).toEqual([]);
  expect(await readdir(join(home.folder, 'data', 'work'))).toEqual([]);
}

describe('a season survives, frame for frame', () => {
  it.each(['upload', 'restore', 'segment', 'download', 'join', 'deliver'])(
    'whoever does the %s being killed in the middle',
    async (step) => {
      await home.arm(step);
      const { id, out } = await submitted();
      await expectWhole(id, out);
      expect(await readdir(home.failpoints)).toEqual([]);
    },
  );

  it('the server being killed', async () => {
    const { id, out } = await submitted();
    for (const pid of home.pids('temporal server start-dev')) process.kill(pid, 'SIGKILL');
    await expectWhole(id, out);
  });

  it('server, worker, agents and all supervisors being killed at once, as by a reboot, and then `taaf up`', async () => {
    const { id, out } = await submitted();
    await until(() => home.pids('agent.js').length > 0);
    for (const pid of [
      ...home.pids('service.js'),
      ...home.pids('worker.js'),
      ...home.pids('temporal'),
      ...home.pids('agent.js'),
    ]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Its guardian was faster.
      }
    }
    await until(() => home.pids('').length === 0);
    expect((await home.taaf('up')).code).toBe(0);
    await expectWhole(id, out);
  });

  it('server and worker asleep for longer than their heartbeats last', async () => {
    const { id, out } = await submitted();
    const asleep = [...home.pids('worker.js'), ...home.pids('temporal server start-dev')];
    for (const pid of asleep) process.kill(pid, 'SIGSTOP');
    // Sleep is a time: longer than the heartbeat timeout of ten seconds at this scale.
    await pause(14_000);
    for (const pid of asleep) process.kill(pid, 'SIGCONT');
    await expectWhole(id, out);
  });

  it('the command line being killed while it hands over', async () => {
    const copy = join(root, 'season-killed-cli');
    await cp(season.folder, copy, { recursive: true, preserveTimestamps: true });
    const out = join(root, 'out-killed-cli');
    const args = ['submit', copy, '--profile', season.profile, '--out', out, '--yes'];
    const child = home.spawn(...args);
    await until(async () => (await home.taaf('list', '--json')).stdout.includes('season-killed-cli'));
    child.kill('SIGKILL');
    // Submitting again is the same season, whether the first got through or not.
    const id = await home.submit(copy, '--profile', season.profile, '--out', out);
    await expectWhole(id, out);
  });
});
