import { execFile } from 'node:child_process';
import {
  appendFile,
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { frameHashes } from '../helpers/frame-hashes.js';
import { openHome, type Home } from './home.js';
import { FRAMES, resultsIn, smallSeason, type SmallSeason } from './season.js';

const exec = promisify(execFile);
/** Small disks of one's own are root's to mount. */
const mayMount = process.getuid?.() === 0;
let root: string;
let home: Home;
let original: SmallSeason;
let season: SmallSeason;
let out: string;
let runs = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-obstacles-'));
  home = await openHome();
  original = await smallSeason(root, 'original', 2);
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  const folder = join(root, `season-${++runs}`);
  await cp(original.folder, folder, { recursive: true, preserveTimestamps: true });
  season = { ...original, folder };
  out = join(root, `out-${runs}`);
});
afterEach(async () => {
  await home.taaf('cancel', `season-${runs}`);
});

const submit = (): Promise<string> => home.submit(season.folder, '--profile', season.profile, '--out', out);
const first = 'Show - S01E01.mkv';
const second = 'Show - S01E02.mkv';

/** Submits the first episode alone; returns when it has come to the step, where the worker sleeps. */
async function begunAndStoppedAt(step: string): Promise<string> {
  await home.arm(step, 'SIGSTOP');
  const id = await home.begin(season.folder, '--profile', season.profile, '--out', out, '--episodes', '1');
  await home.asleep();
  return id;
}

/** The season settles with the first episode failed in this way and the others delivered. */
async function expectFirstFailed(id: string, kind: string, others: readonly string[] = []): Promise<void> {
  const status = await home.settled(id);
  expect(status.state).toBe('attention');
  expect(status.episodes.map(({ phase, failure }) => failure?.kind ?? phase)).toEqual([
    kind,
    ...others.map(() => 'done'),
  ]);
  for (const name of others) expect(await frameHashes(join(out, name))).toHaveLength(FRAMES);
  const why = await home.taaf('why', `${id}/${first.slice(0, -4)}`);
  expect(why.stdout).toContain(kind);
}

async function expectMendedByRetry(id: string): Promise<void> {
  const retried = await home.taaf('retry', `${id}/${first.slice(0, -4)}`);
  expect(retried.stderr + retried.stdout).toContain(first.slice(0, -4));
  expect(retried.code).toBe(0);
  const status = await home.settled(id);
  expect(status.state).toBe('done');
  expect(status.episodes.filter(({ phase }) => phase !== 'done')).toEqual([]);
  expect(await frameHashes(join(out, first))).toHaveLength(FRAMES);
  expect((await resultsIn(out)).filter((name) => name.startsWith('.'))).toEqual([]);
}

describe('an obstacle has a name, spares the other episodes, and retry goes on once it is gone', () => {
  it('a file lies where the result belongs', async () => {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, first), 'mine');
    const id = await submit();
    await expectFirstFailed(id, 'output-exists', [second]);
    expect((await exec('cat', [join(out, first)])).stdout).toBe('mine');
    await rm(join(out, first));
    await expectMendedByRetry(id);
  });

  it('the source vanishes while it is muxed', async () => {
    const id = await begunAndStoppedAt('join');
    const path = join(season.folder, first);
    await rename(path, `${path}.away`);
    home.wake(await home.asleep());
    await expectFirstFailed(id, 'bad-source');
    await rename(`${path}.away`, path);
    await expectMendedByRetry(id);
  });

  it('the source is changed while it is handed over', async () => {
    const id = await begunAndStoppedAt('upload');
    const path = join(season.folder, first);
    const { atime, mtime } = await stat(path);
    await copyFile(path, `${path}.keep`);
    await appendFile(path, 'changed');
    home.wake(await home.asleep());
    await expectFirstFailed(id, 'bad-source');
    await rm(path);
    await rename(`${path}.keep`, path);
    await utimes(path, atime, mtime);
    await expectMendedByRetry(id);
  });

  it.runIf(mayMount)('the output folder is on a disk that is full', async () => {
    const disk = join(root, `disk-${runs}`);
    await mkdir(disk);
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    out = join(disk, 'out');
    try {
      const id = await submit();
      const status = await home.settled(id);
      expect(status.episodes.map(({ failure }) => failure?.kind)).toEqual(['disk-full', 'disk-full']);
      expect(await readdir(out)).toEqual([]);
      await exec('mount', ['-o', 'remount,size=64m', disk]);
      for (const stem of ['Show - S01E01', 'Show - S01E02'])
        expect((await home.taaf('retry', `${id}/${stem}`)).code).toBe(0);
      expect((await home.settled(id)).episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    } finally {
      await exec('umount', ['-l', disk]);
    }
  });

  it.runIf(mayMount)('the output folder is on a disk that is read-only', async () => {
    const disk = join(root, `disk-${runs}`);
    await mkdir(disk);
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
    out = join(disk, 'out');
    await mkdir(out);
    await exec('mount', ['-o', 'remount,ro', disk]);
    try {
      const id = await submit();
      const status = await home.settled(id);
      expect(status.episodes.map(({ failure }) => failure?.kind)).toEqual(['output-unwritable', 'output-unwritable']);
      await exec('mount', ['-o', 'remount,rw', disk]);
      for (const stem of ['Show - S01E01', 'Show - S01E02'])
        expect((await home.taaf('retry', `${id}/${stem}`)).code).toBe(0);
      expect((await home.settled(id)).episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    } finally {
      await exec('umount', ['-l', disk]);
    }
  });
});

describe('the work folder', () => {
  it.runIf(mayMount)('on a full disk fails the episodes by name, and retry mends them', async () => {
    const disk = join(root, `disk-${runs}`);
    await mkdir(disk);
    await exec('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', disk]);
    const other = await openHome(20, { TAAF_WORK: disk });
    try {
      const id = await other.submit(season.folder, '--profile', season.profile, '--out', out);
      const status = await other.settled(id);
      expect(status.episodes.map(({ failure }) => failure?.kind)).toEqual(['disk-full', 'disk-full']);
      await exec('mount', ['-o', 'remount,size=200m', disk]);
      for (const stem of ['Show - S01E01', 'Show - S01E02'])
        expect((await other.taaf('retry', `${id}/${stem}`)).code).toBe(0);
      expect((await other.settled(id)).episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    } finally {
      await other.close();
      await exec('umount', ['-l', disk]);
    }
  });
});

describe('submitting', () => {
  it('a running folder again with another width changes that, and nothing else', async () => {
    await home.arm('segment', 'SIGSTOP');
    const id = await submit();
    const agent = await home.asleep();
    const again = ['--profile', season.profile, '--out', join(root, 'elsewhere'), '--width', '3'];
    expect(await home.submit(season.folder, ...again)).toBe(id);
    expect(await home.status(id)).toMatchObject({ width: 3, out });
    home.wake(agent);
    expect((await home.settled(id)).state).toBe('done');
  });

  it('a folder twice is one season, and again when it is done renders nothing', async () => {
    const ids = await Promise.all([submit(), submit()]);
    expect(ids[0]).toBe(ids[1]);
    expect((await home.settled(ids[0])).episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    await chmod(out, 0o755);
    expect(await submit()).toBe(ids[0]);
    const again = await home.settled(ids[0]);
    expect(again.episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    expect(await resultsIn(out)).toEqual([first, second]);
  });
});
