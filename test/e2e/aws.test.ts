/** Seasons in AWS, end to end, and what may happen to them: the real binary, Temporal, Ansible and agents, against the whole double. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SeasonStatus } from '../../src/cli/season-status.js';
import { segmentUnit } from '../../src/domain/ids.js';
import { tagKeys } from '../../src/aws/names.js';
import { frameHashes } from '../helpers/frame-hashes.js';
import { until } from '../helpers/until.js';
import { isWholeMatrix } from './faults.js';
import { openCloud, plugin, type Cloud } from './cloud.js';
import { smallSeason, type SmallSeason } from './season.js';

// A season takes a minute or two on a busy computer.
vi.setConfig({ testTimeout: 600_000 });

/** Eight segments: long enough that something can happen in the middle. */
const FRAMES = 192;
const programs = ['service.js', 'worker.js', 'temporal'];
const segments = Array.from({ length: FRAMES / 24 }, (_, n) => segmentUnit(n));

let root: string;
let cloud: Cloud;
let season: SmallSeason;
/** The pictures of the episodes as the first season brought them: every other must bring the same. */
const expected: string[][] = [];
let runs = 0;

const picturesIn = (out: string, count: number): Promise<string[][]> =>
  Promise.all(season.results.slice(0, count).map((name) => frameHashes(join(out, name))));

interface Submission {
  readonly folder: string;
  readonly out: string;
  readonly args: readonly string[];
  readonly episodes: number;
}

/** The same pictures as a season of their own. */
async function another(episodes: number): Promise<Submission> {
  const folder = join(root, `season-${++runs}`);
  await cp(season.folder, folder, { recursive: true, preserveTimestamps: true });
  const out = join(root, `out-${runs}`);
  const args = ['--fleet', 'aws', '--profile', season.profile, '--out', out, '--episodes', `1-${episodes}`];
  return { folder, out, args, episodes };
}

async function submit(episodes: number): Promise<{ id: string; out: string; episodes: number }> {
  const { folder, out, args } = await another(episodes);
  return { id: await cloud.home.submit(folder, ...args), out, episodes };
}

/** Everything is there, frame for frame. */
async function expectWhole(id: string, out: string, episodes: number): Promise<void> {
  const status = await cloud.home.settled(id);
  expect(status.episodes.map(({ phase, failure }) => failure ?? phase)).toEqual(Array(episodes).fill('done'));
  for (const [n, pictures] of (await picturesIn(out, episodes)).entries()) {
    expect(pictures).toHaveLength(FRAMES);
    expect(pictures).toEqual((expected[n] ??= pictures));
  }
  expect((await readdir(out)).filter((name) => name.endsWith('.mkv'))).toHaveLength(episodes);
  await expectNothingLeft();
}

/** No machine, no bucket but the installation’s, and nothing that costs. */
async function expectNothingLeft(): Promise<void> {
  expect(await cloud.ask('POST', 'orphans', {})).toEqual([]);
  expect(await cloud.buckets()).toHaveLength(1);
  const { usd } = await cloud.bill();
  await cloud.ask('POST', 'advance', { milliseconds: 120_000 });
  expect((await cloud.bill()).usd).toBe(usd);
}

/** Records of finished segments in the buckets, by unit. */
async function finished(): Promise<string[]> {
  return (await cloud.keys()).flatMap((key) => /\/receipts\/(s\d+)\//.exec(key)?.[1] ?? []);
}

/** Units of an episode that were begun, by the logs, which outlive the bucket. */
async function begunUnits(id: string, episode: number, machine = ''): Promise<string[]> {
  const { stdout } = await cloud.home.taaf('logs', `${id}/${episode}`);
  const lines = stdout.split('\n').filter((line) => line.includes(machine));
  return lines.flatMap((line) => /: (\S+) begins/.exec(line)?.[1] ?? []);
}

describe.runIf(plugin !== undefined)('a season in AWS', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'taaf-e2e-aws-'));
    [cloud, season] = await Promise.all([openCloud(), smallSeason(root, 'original', 2, FRAMES)]);
  });
  afterAll(async () => {
    await cloud.close();
    await rm(root, { recursive: true, force: true });
  });

  it('comes home frame for frame, from one machine for each episode', async () => {
    const { id, out, episodes } = await submit(2);
    const told: SeasonStatus[] = [];
    await until(async () => {
      told.push(await cloud.home.status(id));
      return told.at(-1)?.state !== 'running';
    });
    // Small episodes are over before every machine works; it must never be said too early.
    for (const { machines } of told.filter(({ safeToClose }) => safeToClose))
      expect(machines.map(({ step }) => step)).not.toEqual(expect.arrayContaining(['configuring']));
    const status = await cloud.home.settled(id);
    await expectWhole(id, out, episodes);

    expect(status).toMatchObject({ season: id, state: 'done', fleet: 'aws', machines: [] });
    expect(status.episodes.map(({ delivery }) => delivery?.frames)).toEqual([FRAMES, FRAMES]);
    const machines = await cloud.machines(id);
    expect(machines.map(({ tags }) => tags.find(({ Key }) => Key === tagKeys.episode)?.Value).sort()).toEqual(
      status.episodes.map((episode) => episode.id),
    );
    for (const episode of [1, 2]) {
      expect(await begunUnits(id, episode)).toEqual(['restore', ...segments]);
      expect((await cloud.home.taaf('why', `${id}/${episode}`)).stdout).toContain('Alarms: none');
    }
  });

  it('E7: tells that the quota has no room before anything is spent', async () => {
    await cloud.ask('POST', 'quotas', { spot: 0 });
    const { folder, args } = await another(1);
    const before = await cloud.bill();
    const ran = await cloud.home.taaf('submit', folder, '--yes', ...args);
    await cloud.ask('POST', 'quotas', { spot: 64 });
    expect(ran.stderr).toContain('L-3819A6DF');
    expect(ran.stderr).toContain('request-service-quota-increase');
    expect(ran.code).toBe(3);
    expect(await cloud.bill()).toEqual(before);
    await expectNothingLeft();
  });

  it.runIf(isWholeMatrix)(
    'E1, E4: one machine, though the worker is killed before the call that makes it, and before its answer is on record',
    async () => {
      await cloud.home.arm('launch-written');
      await cloud.home.arm('launch-answered');
      const { id, out, episodes } = await submit(1);
      await expectWhole(id, out, episodes);
      expect(await readdir(cloud.home.failpoints)).toEqual([]);
      expect(await cloud.machines(id)).toHaveLength(1);
    },
  );

  it.runIf(isWholeMatrix)(
    'E34: another machine goes on where one was taken back, and renders nothing again',
    async () => {
      const { id, out, episodes } = await submit(1);
      await until(async () => (await finished()).length > 1);
      const [first] = await cloud.machines(id);
      await cloud.ask('POST', 'reclaim', { id: first?.id, seconds: 0 });
      await until(async () => (await cloud.machines(id))[0]?.state === 'terminated');
      const kept = await finished();
      await expectWhole(id, out, episodes);
      const machines = await cloud.machines(id);
      expect(machines).toHaveLength(2);
      const second = machines[1]?.tags.find(({ Key }) => Key === tagKeys.machine)?.Value;
      // What was killed with the first machine has left no word; the second says what it did.
      const again = await begunUnits(id, 1, second);
      expect(again.length).toBeGreaterThan(0);
      expect(again.filter((unit) => kept.includes(unit))).toEqual([]);
    },
  );

  it('E17, E46: machines finish and end by themselves with nobody at home, and `taaf up` brings the results', async () => {
    const { id, out, episodes } = await submit(1);
    await until(async () => (await cloud.home.status(id)).safeToClose);
    for (const word of programs) cloud.home.kill(...cloud.home.pids(word));
    await until(() => programs.every((word) => cloud.home.pids(word).length === 0));
    await until(async () => (await cloud.machines(id)).every(({ state }) => state === 'terminated'));
    expect((await finished()).sort()).toEqual(segments);
    expect((await cloud.machines(id)).map(({ reason }) => reason?.Code)).toEqual(['Client.InstanceInitiatedShutdown']);
    expect((await cloud.home.taaf('up')).code).toBe(0);
    await expectWhole(id, out, episodes);
    expect(await cloud.machines(id)).toHaveLength(1);
  });

  it.runIf(isWholeMatrix)(
    'E10, E11: nothing is left when it is cancelled while its machine boots or is made ready',
    async () => {
      const { id, out } = await submit(1);
      await until(async () => (await cloud.machines(id)).length > 0);
      expect((await cloud.home.taaf('cancel', id, '--discard')).code).toBe(0);
      expect((await cloud.home.settled(id)).state).toBe('cancelled');
      expect((await cloud.machines(id)).map(({ state }) => state)).toEqual(['terminated']);
      expect(await readdir(out).catch(() => [])).toEqual([]);
      await expectNothingLeft();
    },
  );

  it('writes no key and no presigned address on this computer', async () => {
    const files = await readdir(cloud.home.folder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    // What histories hold can be found like this.
    expect(texts.some((text) => text.includes('returnLease') && text.includes(`season-${runs}`))).toBe(true);
    for (const text of texts) expect(text).not.toMatch(/AKIADOUBLE|ASIA[A-Z0-9]{8}|X-Amz-Signature/);
  });
});
