/** Every promise of the store's port, once, for whatever adapter is given. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/store/port.js';

export function storeContract(open: () => Promise<ObjectStore>): void {
  let store: ObjectStore;
  let folder: string;
  beforeEach(async () => {
    store = await open();
    folder = await mkdtemp(join(tmpdir(), 'taaf-contract-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back what was put, as bytes and as a file', async () => {
    await store.put('work/r-1/a.json', { bytes: Buffer.from('hello') });
    const object = await store.get('work/r-1/a.json');
    expect(object?.bytes).toBe(5);
    expect((await object?.read())?.toString()).toBe('hello');
    await object?.save(join(folder, 'copy'));
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('hello');
  });

  it('replaces an object that is put again', async () => {
    await store.put('machines/m/progress.json', { bytes: Buffer.from('one') });
    await store.put('machines/m/progress.json', { bytes: Buffer.from('second') });
    expect((await (await store.get('machines/m/progress.json'))?.read())?.toString()).toBe('second');
  });

  it('takes a file and leaves it, or takes it for good when told to move', async () => {
    await writeFile(join(folder, 'kept'), 'kept');
    await writeFile(join(folder, 'moved'), 'moved');
    await store.put('sources/e01/kept', { file: join(folder, 'kept') });
    await store.put('sources/e01/moved', { file: join(folder, 'moved'), move: true });
    expect((await stat(join(folder, 'kept'))).size).toBe(4);
    expect((await store.stat('sources/e01/moved'))?.bytes).toBe(5);
    expect((await (await store.get('sources/e01/kept'))?.read())?.toString()).toBe('kept');
  });

  it('creates an object for exactly one of many at once', async () => {
    const attempts = Array.from({ length: 20 }, (_, n) =>
      store.create('work/r-1/claims/s00001/0000.json', Buffer.from(`${n}`)),
    );
    const answers = await Promise.all(attempts);
    expect(answers.filter((answer) => answer === 'created')).toHaveLength(1);
    const winner = answers.indexOf('created');
    expect((await (await store.get('work/r-1/claims/s00001/0000.json'))?.read())?.toString()).toBe(`${winner}`);
  });

  it('lists what lies under a prefix, in key order, and nothing beside it', async () => {
    for (const key of ['a/2', 'a/10', 'a/b/1', 'ab/1']) await store.put(key, { bytes: Buffer.from(key) });
    expect((await store.list('a/')).map(({ key }) => key)).toEqual(['a/10', 'a/2', 'a/b/1']);
    expect(await store.list('nothing/')).toEqual([]);
  });

  it('knows nothing of what is not there', async () => {
    expect(await store.get('nothing')).toBeUndefined();
    expect(await store.stat('nothing/at-all')).toBeUndefined();
    await store.remove('nothing');
    await store.remove('nothing/');
  });

  it('removes an object, or all under a prefix', async () => {
    for (const key of ['a/1', 'a/2', 'a/b/3', 'c']) await store.put(key, { bytes: Buffer.from(key) });
    await store.remove('a/1');
    expect((await store.list('a/')).map(({ key }) => key)).toEqual(['a/2', 'a/b/3']);
    await store.remove('a/');
    expect(await store.list('a/')).toEqual([]);
    expect(await store.stat('c')).toEqual({ key: 'c', bytes: 1 });
  });

  it('may be created again after it was removed', async () => {
    expect(await store.create('a', Buffer.from('1'))).toBe('created');
    await store.remove('a');
    expect(await store.create('a', Buffer.from('2'))).toBe('created');
  });

  it('refuses keys that would leave the store', async () => {
    for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', 'a b', 'Ä']) {
      await expect(store.put(key, { bytes: Buffer.from('') })).rejects.toMatchObject({ kind: 'bug' });
    }
  });
}
