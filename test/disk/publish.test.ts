import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publishOver } from '../../src/disk/publish.js';
import { temporaryFolder } from '../helpers/folder.js';

/** Linux keeps a second file system in memory here. */
const OTHER_DISK = '/dev/shm';

async function places(disk: 'the same disk' | 'another disk') {
  const out = await temporaryFolder();
  const work = disk === 'another disk' ? await mkdtemp(join(OTHER_DISK, 'taaf-test-')) : await temporaryFolder();
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const [made, place] = [join(work, 'made.mkv'), join(out, 'E01.mkv')];
  await writeFile(made, 'new');
  await writeFile(place, 'old');
  return { out, work, made, place };
}

const isOtherDisk = async (): Promise<boolean> => {
  const devices = await Promise.all([OTHER_DISK, await temporaryFolder()].map(async (path) => (await stat(path)).dev));
  return devices[0] !== devices[1];
};

describe.each(['the same disk', 'another disk'] as const)('a result of %s in the place of an older one', (disk) => {
  it.runIf(process.platform === 'linux')('is there whole, and the old one was until the last moment', async () => {
    if (disk === 'another disk') expect(await isOtherDisk()).toBe(true);
    const { out, work, made, place } = await places(disk);
    await publishOver(made, place, async () => expect(await readFile(place, 'utf8')).toBe('old'));
    expect(await readFile(place, 'utf8')).toBe('new');
    expect([await readdir(out), await readdir(work)]).toEqual([['E01.mkv'], []]);
  });

  it.runIf(process.platform === 'linux')('leaves all as it was where the old one may not go', async () => {
    const { out, work, made, place } = await places(disk);
    const refused = publishOver(made, place, () => Promise.reject(new Error('not yours')));
    await expect(refused).rejects.toThrow('not yours');
    expect(await readFile(place, 'utf8')).toBe('old');
    expect([await readdir(out), await readdir(work)]).toEqual([['E01.mkv'], ['made.mkv']]);
  });
});
