import { cp, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameHashes } from '../helpers/frame-hashes.js';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { FRAMES, resultsIn, smallSeason, type SmallSeason } from './season.js';

let root: string;
let home: Home;
let original: SmallSeason;
let runs = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-damage-'));
  home = await openHome(60);
  original = await smallSeason(root, 'original', 1);
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

async function begin(): Promise<{ id: string; out: string; store: string }> {
  const folder = join(root, `season-${++runs}`);
  await cp(original.folder, folder, { recursive: true, preserveTimestamps: true });
  const out = join(root, `out-${runs}`);
  const id = await home.begin(folder, '--profile', original.profile, '--out', out);
  return { id, out, store: join(home.folder, 'data', 'work', id, 'store') };
}

/** The first file of the store whose path has this in it, as soon as there is one. */
async function fileIn(store: string, part: RegExp): Promise<string> {
  let found: string | undefined;
  await until(async () => {
    const names = await readdir(store, { recursive: true }).catch(() => []);
    found = names.find((name) => part.test(name) && !name.includes('/.'));
    return found !== undefined;
  });
  return join(store, found ?? '');
}

/** Changes bytes in the middle of a file, in place. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.alloc(16, 0x55), 0, 16, Math.floor((await file.stat()).size / 2));
  } finally {
    await file.close();
  }
}

describe('damage in the store is noticed, voided and done again, never delivered', () => {
  it.each([
    ['a finished segment', /segments\/s00001\/.*\.mkv$/, 's00001'],
    ['a receipt', /\/receipts\/s00001\/0000\.json$/, 's00001'],
    // Read by all by now, and trusted by them: only the join reads it again.
    ['the manifest', /\/manifest\/0000\.json$/, 'restore'],
  ])('%s', async (_what, part, redone) => {
    // The worker sleeps at the first segment that it fetches: what is damaged meanwhile has not been fetched yet.
    await home.arm('download', 'SIGSTOP');
    const { id, out, store } = await begin();
    const worker = await home.asleep();
    await damage(await fileIn(store, part));
    home.wake(worker);
    const status = await home.settled(id);
    expect(status.episodes.map(({ phase, failure }) => failure ?? phase)).toEqual(['done']);
    const [name = ''] = await resultsIn(out);
    const frames = await frameHashes(join(out, name));
    expect(frames).toHaveLength(FRAMES);
    expect(new Set(frames).size).toBe(FRAMES);
    // Logs outlive the store: the unit was begun a second time.
    const { stdout } = await home.taaf('logs', `${id}/1`);
    expect(stdout.split(`${redone} begins`).length - 1).toBeGreaterThanOrEqual(2);
  });
});

describe('two seasons at once', () => {
  it('share one agent: the second does not wait for the end of the first', async () => {
    const long = await smallSeason(root, 'long', 4, 480);
    const one = await home.submit(long.folder, '--profile', long.profile, '--out', join(root, 'out-long'));
    await until(async () => (await home.status(one)).machines.some(({ step }) => step === 'working'));
    const { id: two } = await begin();
    await home.settled(two);
    expect((await home.status(one)).state).toBe('running');
    expect((await home.taaf('cancel', one)).code).toBe(0);
    await home.settled(one);
  });
});
