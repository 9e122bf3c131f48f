import { execFile } from 'node:child_process';
import { appendFile, chmod, copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { frameHashes } from '../helpers/frame-hashes.js';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { FRAMES, smallSeason, type SmallSeason } from './season.js';

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

/** The season settles with the first episode failed in this way and the second delivered. */
async function expectFirstFailed(id: string, kind: string): Promise<void> {
  const status = await home.settled(id);
  expect(status.state).toBe('attention');
  expect(status.episodes.map(({ phase, failure }) => failure?.kind ?? phase)).toEqual([kind, 'done']);
  expect(await frameHashes(join(out, second))).toHaveLength(FRAMES);
  const why = await home.taaf('why', `${id}/${first.slice(0, -4)}`);
  expect(why.stdout).toContain(kind);
}

async function expectMendedByRetry(id: string): Promise<void> {
  const retried = await home.taaf('retry', `${id}/${first.slice(0, -4)}`);
  expect(retried.stderr + retried.stdout).toContain(first.slice(0, -4));
  expect(retried.code).toBe(0);
  const status = await home.settled(id);
  expect(status.episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
  expect(await frameHashes(join(out, first))).toHaveLength(FRAMES);
  expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
}

describe('an obstacle has a name, spares the other episodes, and retry goes on once it is gone', () => {
  it('a file lies where the result belongs', async () => {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, first), 'mine');
    const id = await submit();
    await expectFirstFailed(id, 'output-exists');
    expect((await exec('cat', [join(out, first)])).stdout).toBe('mine');
    await rm(join(out, first));
    await expectMendedByRetry(id);
  });

  it('the source vanishes before it is muxed', async () => {
    await home.arm('join');
    const id = await submit();
    const path = join(season.folder, first);
    // The worker dies at the first join; until the next one comes the source is gone.
    await until(async () => !(await readdir(home.failpoints)).includes('join'));
    await rename(path, `${path}.away`);
    const status = await home.settled(id);
    const failed = status.episodes.filter(({ phase }) => phase === 'failed');
    if (failed.length > 0)
      expect(failed.map(({ failure, stem }) => [failure?.kind, stem])).toEqual([['bad-source', 'Show - S01E01']]);
    await rename(`${path}.away`, path);
    if (failed.length > 0) await expectMendedByRetry(id);
  });

  it('the source is another one than was submitted', async () => {
    await home.arm('upload');
    const id = await submit();
    const path = join(season.folder, first);
    await copyFile(path, `${path}.keep`);
    await appendFile(path, 'changed');
    const status = await home.settled(id);
    // Whichever look came first, a changed source is never delivered as if it were the old one.
    expect(status.episodes[0]?.failure?.kind).toBe('bad-source');
    expect(status.episodes[1]?.phase).toBe('done');
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
  it('a folder twice is one season, and again when it is done renders nothing', async () => {
    const ids = await Promise.all([submit(), submit()]);
    expect(ids[0]).toBe(ids[1]);
    expect((await home.settled(ids[0])).episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    await chmod(out, 0o755);
    expect(await submit()).toBe(ids[0]);
    const again = await home.settled(ids[0]);
    expect(again.episodes.map(({ phase }) => phase)).toEqual(['done', 'done']);
    expect((await readdir(out)).sort()).toEqual([first, second]);
  });
});
