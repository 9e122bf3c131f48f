import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locksIn, occupantOf, writeLock } from '../../src/seasons/recipe-locks.js';
import { keepReplaced } from '../../src/seasons/replaced.js';
import { planOf } from '../cli/plans.js';
import { temporaryFolder } from '../helpers/folder.js';
import { lockAs } from './locks.js';

const plan = planOf('voyager-s1-9f86d081', ['E01', 'E02']);
const [episode] = plan.episodes;
if (!episode) throw new Error('no episode');
const lock = lockAs(plan, episode, 'picture');
const { signal } = new AbortController();

/** An output folder with the first episode in it, and the path of the result. */
async function delivered() {
  const out = await temporaryFolder();
  await writeFile(join(out, 'E01.mkv'), 'picture');
  await writeLock(out, lock);
  return { out, path: join(out, 'E01.mkv'), occupant: () => occupantOf(out, 'E01.mkv', signal) };
}

describe('who lies where a result belongs', () => {
  it('is told by the lock and the bytes, not by the time of the file', async () => {
    const { path, occupant } = await delivered();
    await utimes(path, 1, 1);
    expect(await occupant()).toEqual(lock);
  });

  it.each([
    ['other bytes', 'pictures'],
    ['as many other bytes', 'Picture'],
  ])('is a stranger when it has %s', async (_what, content) => {
    const { path, occupant } = await delivered();
    await writeFile(path, content);
    expect(await occupant()).toBe('stranger');
  });

  it('is a stranger without a lock, and nobody without a file', async () => {
    const { out } = await delivered();
    expect(await occupantOf(out, 'E02.mkv', signal)).toBe('nobody');
    await writeFile(join(out, 'E02.mkv'), 'picture');
    expect(await occupantOf(out, 'E02.mkv', signal)).toBe('stranger');
  });

  it.each(['', '{"version":1', '{"version":2}', 'null', '{"version":1,"output":"E01.mkv","result":{"bytes":7}}'])(
    'is a stranger where the lock is %j',
    async (text) => {
      const { out, occupant } = await delivered();
      const folder = join(out, '.taaf', 'recipes');
      const [name = ''] = await readdir(folder);
      await writeFile(join(folder, name), text);
      expect(await occupant()).toBe('stranger');
      expect(await locksIn(out)).toEqual([]);
    },
  );
});

describe('the locks of a folder', () => {
  it('are those of results that lie there, and as readable as these', async () => {
    const { out, path } = await delivered();
    await writeLock(out, { ...lock, output: 'gone.mkv' });
    expect(await locksIn(out)).toEqual([lock]);
    const folder = join(out, '.taaf', 'recipes');
    const modes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).mode));
    const { mode } = await stat(path);
    expect(modes).toEqual([mode, mode]);
    expect(await locksIn(join(out, 'nowhere'))).toEqual([]);
  });
});

describe('a result that is replaced', () => {
  it('has a second name, once, however often it is asked for', async () => {
    const { out, path } = await delivered();
    const kept = join(out, '.taaf', 'replaced', 'E01 r-0123456789abcdef0123.mkv');
    expect(await keepReplaced(out, lock)).toBe(kept);
    expect(await keepReplaced(out, lock)).toBe(kept);
    expect(await readdir(join(out, '.taaf', 'replaced'))).toHaveLength(1);
    expect([await readFile(path, 'utf8'), await readFile(kept, 'utf8')]).toEqual(['picture', 'picture']);
  });

  it('never takes the place of another that lies there', async () => {
    const { out } = await delivered();
    const folder = join(out, '.taaf', 'replaced');
    await mkdir(folder);
    await writeFile(join(folder, 'E01 r-0123456789abcdef0123.mkv'), 'somebody else’s');
    expect(await keepReplaced(out, lock)).toBe(join(folder, 'E01 r-0123456789abcdef0123 (2).mkv'));
    expect(await readFile(join(folder, 'E01 r-0123456789abcdef0123.mkv'), 'utf8')).toBe('somebody else’s');
  });

  it('has a name that every file system takes', async () => {
    const out = await temporaryFolder();
    const output = `${'𝕍'.repeat(62)}.mkv`;
    await writeFile(join(out, output), 'picture');
    const kept = await keepReplaced(out, { ...lock, output });
    expect(kept.endsWith('𝕍 r-0123456789abcdef0123.mkv')).toBe(true);
  });
});
