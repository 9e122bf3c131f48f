import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { resultsIn, smallSeason, type SmallSeason } from './season.js';

/** Long enough not to be done before it can be cancelled. */
const FRAMES = 200;
let root: string;
let home: Home;
let original: SmallSeason;
let runs = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-cancel-'));
  home = await openHome();
  original = await smallSeason(root, 'original', 3, FRAMES);
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

async function submit(): Promise<{ id: string; out: string }> {
  const folder = join(root, `season-${++runs}`);
  await cp(original.folder, folder, { recursive: true, preserveTimestamps: true });
  const out = join(root, `out-${runs}`);
  return { id: await home.submit(folder, '--profile', original.profile, '--out', out), out };
}

async function expectNothingLeft(): Promise<void> {
  await until(() => home.pids('agent.js').length === 0 && home.pids('ffmpeg').length === 0);
  await until(async () => (await readdir(join(home.folder, 'data', 'work'))).length === 0);
}

describe('taaf cancel', () => {
  it('of one episode lets the others finish', async () => {
    const { id, out } = await submit();
    expect((await home.taaf('cancel', `${id}/3`)).code).toBe(0);
    const status = await home.settled(id);
    expect(status.episodes.map(({ phase }) => phase)).toEqual(['done', 'done', 'cancelled']);
    expect(await resultsIn(out)).toHaveLength(2);
    await expectNothingLeft();
  });
});

describe('taaf pause', () => {
  it('lets the running segment finish, holds everything, and resume goes on', async () => {
    const { id } = await submit();
    await until(async () => (await home.status(id)).machines.length > 0);
    expect((await home.taaf('pause', id)).code).toBe(0);
    await until(() => home.pids('agent.js').length === 0);
    expect((await home.status(id)).state).toBe('paused');
    expect((await home.taaf('resume', id)).code).toBe(0);
    expect((await home.settled(id)).state).toBe('done');
  });
});

describe('with nobody else awake', () => {
  it('one agent renders all three episodes after worker and server were killed; the next `taaf up` brings them home', async () => {
    const { id, out } = await submit();
    await until(async () => (await home.status(id)).safeToClose);
    const agents = home.pids('agent.js');
    for (const word of ['service.js', 'worker.js', 'temporal']) home.kill(...home.pids(word));
    await until(() => ['service.js', 'worker.js', 'temporal'].every((word) => home.pids(word).length === 0));
    expect(agents.length).toBe(1);
    await until(() => home.pids('agent.js').length === 0);
    const work = join(home.folder, 'data', 'work', id, 'store');
    const receipts = (await readdir(work, { recursive: true })).filter(
      (name) => name.includes('/receipts/') && name.endsWith('.json'),
    );
    expect(receipts.length).toBeGreaterThanOrEqual(3 * 6);
    expect((await home.taaf('up')).code).toBe(0);
    expect((await home.settled(id)).state).toBe('done');
    expect(await resultsIn(out)).toHaveLength(3);
    await expectNothingLeft();
  });
});
