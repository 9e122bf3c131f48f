import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { directoryStore } from '../../src/store/directory.js';
import { storeContract } from '../contract/store.js';
import { temporaryFolder } from '../helpers/folder.js';

describe('directory store', () => {
  storeContract(async () => directoryStore(await mkdtemp(join(tmpdir(), 'taaf-store-'))));

  it('moves a file without copying its bytes where the disk is the same', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'segment'), 'picture');
    const { ino } = await stat(join(folder, 'segment'));
    const store = directoryStore(join(folder, 'store'));
    await store.put('segments/s1', { file: join(folder, 'segment'), move: true });
    expect((await stat(join(folder, 'store/segments/s1'))).ino).toBe(ino);
    await expect(stat(join(folder, 'segment'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('copies where the disk is another one', async () => {
    const folder = await temporaryFolder();
    const elsewhere = await mkdtemp('/dev/shm/taaf-test-');
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    await writeFile(join(elsewhere, 'segment'), 'picture');
    const store = directoryStore(join(folder, 'store'));
    await store.put('segments/s1', { file: join(elsewhere, 'segment'), move: true });
    expect((await (await store.get('segments/s1'))?.read())?.toString()).toBe('picture');
    await expect(stat(join(elsewhere, 'segment'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves no part behind and never lists one', async () => {
    const folder = await temporaryFolder();
    const store = directoryStore(folder);
    await store.create('a/1', Buffer.from('1'));
    await store.create('a/1', Buffer.from('2'));
    expect(await readdir(join(folder, 'a'))).toEqual(['1']);
    await mkdir(join(folder, 'a', '.lost'), { recursive: true });
    await writeFile(join(folder, 'a', '.half.part'), 'half');
    expect((await store.list('a/')).map(({ key }) => key)).toEqual(['a/1']);
  });
});
