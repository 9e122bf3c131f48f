import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameHashes } from '../helpers/frame-hashes.js';
import { until } from '../helpers/until.js';
import { faults, matrix, steps, type Step } from './faults.js';
import { openHome, type Home } from './home.js';
import { FRAMES, resultsIn, smallSeason, type SmallSeason } from './season.js';

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

interface Submission {
  readonly folder: string;
  readonly out: string;
  readonly args: readonly string[];
}

/** The same pictures as a season of their own. */
async function another(): Promise<Submission> {
  const folder = join(root, `season-${++runs}`);
  await cp(season.folder, folder, { recursive: true, preserveTimestamps: true });
  const out = join(root, `out-${runs}`);
  return { folder, out, args: ['--profile', season.profile, '--out', out] };
}

/** Submits; returns when somebody sleeps in the middle of the step. */
async function stoppedAt(step: Step): Promise<{ id: string; out: string; doer: number }> {
  await home.arm(step, 'SIGSTOP');
  const { folder, out, args } = await another();
  const id = await home.begin(folder, ...args);
  const doer = await home.asleep();
  expect(home.pids(steps[step])).toContain(doer);
  return { id, out, doer };
}

/** Everything is there, frame for frame, and nothing else is: no program, no file in the making. */
async function expectWhole(id: string, out: string): Promise<void> {
  const status = await home.settled(id);
  expect(status.episodes.map(({ phase, failure }) => failure ?? phase)).toEqual(['done', 'done']);
  expect(await picturesIn(out)).toEqual(expected);
  expect(await resultsIn(out)).toEqual([...season.results].sort());
  await expectNothingLeft();
}

async function expectNothingLeft(): Promise<void> {
  await until(() => home.pids('agent.js').length === 0);
  expect(home.pids('ffmpeg')).toEqual([]);
  expect(await readdir(join(home.folder, 'data', 'work'))).toEqual([]);
  expect(await readdir(home.failpoints)).toEqual([]);
}

/** Units that were begun more than once, counted as often as they were begun again. The logs outlive the store. */
async function begunAgain(id: string): Promise<number> {
  const logs = await Promise.all([1, 2].map((episode) => home.taaf('logs', `${id}/${episode}`)));
  const begun = logs.flatMap(({ stdout }) => stdout.match(/e0\d-\w+: \S+ begins/g) ?? []);
  expect(begun.length).toBeGreaterThan(0);
  return begun.length - new Set(begun).size;
}

describe('a season survives, frame for frame, and renders at most one unit again', () => {
  it.each(matrix)('in the middle of the %s: %s', async (step, fault) => {
    const { id, out, doer } = await stoppedAt(step);
    await faults[fault](home, doer);
    await expectWhole(id, out);
    expect(await begunAgain(id)).toBeLessThanOrEqual(1);
  });

  it('the command line being killed while it hands over', async () => {
    const { folder, out, args } = await another();
    const child = home.spawn('submit', folder, '--yes', ...args);
    await until(async () => (await home.taaf('list', '--json')).stdout.includes(folder));
    child.kill('SIGKILL');
    // Submitting again is the same season, whether the first got through or not.
    await expectWhole(await home.submit(folder, ...args), out);
  });
});

describe('taaf cancel', () => {
  it.each(Object.keys(steps) as Step[])('in the middle of the %s leaves nothing but whole results', async (step) => {
    const { id, out, doer } = await stoppedAt(step);
    // While the worker sleeps nobody answers; the word waits for it in Temporal.
    const cancelled = home.taaf('cancel', id);
    home.wake(doer);
    expect(await cancelled).toMatchObject({ code: 0 });
    const status = await home.settled(id);
    expect(status.state).toBe('cancelled');
    const done = status.episodes.filter(({ phase }) => phase === 'done').map(({ number }) => number);
    expect(status.episodes.filter(({ phase }) => phase !== 'done' && phase !== 'cancelled')).toEqual([]);
    const kept = await resultsIn(out).catch(() => []);
    expect(kept).toEqual(season.results.filter((_, index) => done.includes(index + 1)));
    for (const name of kept) expect(expected).toContainEqual(await frameHashes(join(out, name)));
    await expectNothingLeft();
  });
});
