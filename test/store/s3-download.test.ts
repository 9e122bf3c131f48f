import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startS3, type S3Double } from '../aws/s3/start.js';
import { bundle } from '../helpers/bundle.js';
import { temporaryFolder } from '../helpers/folder.js';
import { until } from '../helpers/until.js';
import { credentials, placeOn, storeOn } from './s3-store.js';

/** Five ranges of 8 MiB, the last one shorter. */
const SIZE = 40_000_000;
const KEY = 'segments/s1';

async function withObject(bytes = SIZE) {
  const s3 = await startS3();
  const folder = await temporaryFolder();
  const content = randomBytes(bytes);
  const store = await storeOn(s3);
  await store.put(KEY, { bytes: content });
  return { s3, folder, store, content, target: join(folder, 'segment') };
}

const ranges = (s3: S3Double): number =>
  s3.calls.filter(({ action, status, fault }) => action === 'GetObject' && status === 206 && fault === undefined)
    .length;

/** Leaves a part file with some of the ranges behind: the rest are refused. */
async function halfDownloaded() {
  const made = await withObject();
  const { s3, store, target } = made;
  const object = await store.get(KEY);
  s3.script((_action, n) => (n > 2 ? { kind: 'denied' } : undefined));
  await expect(object?.save(target)).rejects.toMatchObject({ kind: 'permission' });
  s3.script(() => undefined);
  return { ...made, before: ranges(s3) };
}

it('goes on after kill -9 with what is there, and shows the file only when it is whole', async () => {
  const { s3, folder, store, content, target } = await withObject();
  s3.script((_action, n) => (n > 3 ? { kind: 'hang' } : undefined));
  const program = await bundle('test/store/s3-transfer-program.ts');
  const child = spawn(process.execPath, [program, 'save', JSON.stringify(placeOn(s3)), KEY, target], {
    env: { ...process.env, ...credentials },
    stdio: 'ignore',
  });
  const noted = async (): Promise<number> => {
    const notes = (await readdir(folder)).find((name) => name.endsWith('.ranges'));
    return notes === undefined ? 0 : (await readFile(join(folder, notes), 'utf8')).split('\n').length - 1;
  };
  // The first call has found the object, two more have brought a range each.
  await until(async () => (await noted()) === 2);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await readdir(folder)).includes('segment')).toBe(false);

  s3.script(() => undefined);
  const before = ranges(s3);
  await (await store.get(KEY))?.save(target);
  expect(ranges(s3) - before).toBe(3);
  expect((await readFile(target)).equals(content)).toBe(true);
  expect(await readdir(folder)).toEqual(['segment']);
});

it('fetches anew what was damaged in a part file', async () => {
  const { s3, folder, store, content, target, before } = await halfDownloaded();
  const part = (await readdir(folder)).find((name) => name.endsWith('.part')) ?? '';
  const notes = (await readFile(join(folder, `${part}.ranges`), 'utf8')).split('\n');
  const index = Number(notes[0]?.split(' ')[0]);
  const handle = await open(join(folder, part), 'r+');
  await handle.write(Buffer.from('damage'), 0, 6, index * 8 * 2 ** 20 + 1000);
  await handle.close();
  await (await store.get(KEY))?.save(target);
  expect((await readFile(target)).equals(content)).toBe(true);
  const kept = notes.length - 1;
  expect(ranges(s3) - before).toBe(5 - kept + 1);
});

it('takes nothing from a part file of another content', async () => {
  const { folder, store, target } = await halfDownloaded();
  const second = randomBytes(SIZE);
  await store.put(KEY, { bytes: second });
  await (await store.get(KEY))?.save(target);
  expect((await readFile(target)).equals(second)).toBe(true);
  expect(await readdir(folder)).toEqual(['segment']);
});

it('notices an object that is replaced while it is downloaded', async () => {
  const { folder, store, target } = await withObject();
  const object = await store.get(KEY);
  await store.put(KEY, { bytes: randomBytes(SIZE) });
  await expect(object?.save(target)).rejects.toMatchObject({ kind: 'verify-failed' });
  expect((await readdir(folder)).includes('segment')).toBe(false);
});

it.each(['cut', 'drop-before', 'throttled', 'error'])(
  'arrives whole though each third answer meets "%s"',
  async (kind) => {
    const { s3, store, content, target } = await withObject();
    s3.script((_action, n) => (n % 3 === 0 ? { kind } : undefined));
    await (await store.get(KEY))?.save(target);
    expect((await readFile(target)).equals(content)).toBe(true);
  },
);

it('S18: takes not a byte more than the object was said to have', async () => {
  const { s3, folder, store, target } = await withObject();
  const object = await store.get(KEY);
  s3.script(() => ({ kind: 'excess' }));
  await expect(object?.save(target)).rejects.toMatchObject({ kind: 'network' });
  for (const name of await readdir(folder)) {
    const { length } = await readFile(join(folder, name));
    expect(length).toBeLessThanOrEqual(SIZE);
  }
});

describe('S19: bytes that are not what was put', () => {
  it('are fetched again', async () => {
    const { s3, store, content, target } = await withObject();
    const object = await store.get(KEY);
    s3.script((_action, n) => (n === 1 ? { kind: 'corrupt' } : undefined));
    await object?.save(target);
    expect((await readFile(target)).equals(content)).toBe(true);
  });

  it('are a failure when they come twice, and nothing of them is kept', async () => {
    const { s3, folder, store, target } = await withObject();
    const object = await store.get(KEY);
    s3.script(() => ({ kind: 'corrupt' }));
    await expect(object?.save(target)).rejects.toMatchObject({ kind: 'verify-failed' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('are no record', async () => {
    const { s3, store } = await withObject(1000);
    s3.script((_action, n) => (n === 1 ? { kind: 'corrupt' } : undefined));
    expect((await (await store.get(KEY))?.read())?.length).toBe(1000);
    s3.script(() => ({ kind: 'corrupt' }));
    await expect(store.get(KEY)).rejects.toMatchObject({ kind: 'verify-failed' });
  });
});

it('stops at once when told to', async () => {
  const { s3, store, target } = await withObject();
  const object = await store.get(KEY);
  s3.script(() => ({ kind: 'hang' }));
  const stop = new AbortController();
  const ended = expect(object?.save(target, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  await until(() => s3.calls.some(({ code }) => code === 'hangs'));
  stop.abort();
  await ended;
});

it('reads a large object into memory as well', async () => {
  const { store, content } = await withObject();
  expect((await (await store.get(KEY))?.read())?.equals(content)).toBe(true);
});

it('shares a part file with another attempt', async () => {
  const { folder, store, content, target } = await withObject();
  const object = await store.get(KEY);
  await Promise.all([object?.save(target), object?.save(target)]);
  expect((await readFile(target)).equals(content)).toBe(true);
  expect(await readdir(folder)).toEqual(['segment']);
});

it('replaces a file that is there', async () => {
  const { store, content, target } = await withObject();
  await writeFile(target, 'old');
  await (await store.get(KEY))?.save(target);
  expect((await readFile(target)).equals(content)).toBe(true);
});
