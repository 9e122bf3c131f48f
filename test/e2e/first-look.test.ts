import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/media/probe.js';
import { tools } from '../helpers/tools.js';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { resultsIn, smallSeason, type SmallSeason } from './season.js';

let root: string;
let home: Home;
let season: SmallSeason;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-first-look-'));
  home = await openHome();
  season = await smallSeason(root, 'season', 2);
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

const listed = async (): Promise<readonly { readonly season: string; readonly folder: string }[]> =>
  JSON.parse((await home.taaf('list', '--json')).stdout) as { season: string; folder: string }[];

const how = (out: string): string[] => ['--profile', season.profile, '--out', out, '--yes'];

describe('a look before the whole is paid for', () => {
  it('takes one episode as the pilot, waits with exit code 3, and renders the rest after a yes', async () => {
    const out = join(root, 'piloted');
    const watched = await home.taaf('submit', season.folder, ...how(out), '--pilot', '--watch');
    expect(watched.code).toBe(3);
    expect(await resultsIn(out)).toEqual([season.results[0]]);
    const id = (await listed())[0]?.season ?? '';
    expect((await home.status(id)).state).toBe('approval');
    await until(async () => (await home.status(id)).machines.length === 0, 'the pilot’s machine to go');
    expect((await home.taaf('approve')).code).toBe(0);
    const done = await home.settled(id);
    expect(done.state).toBe('done');
    expect((await readdir(out)).filter((name) => name.endsWith('.mkv'))).toEqual(season.results);
    const again = await home.taaf('approve', id);
    expect(again.code).not.toBe(0);
  });

  it('takes samples of every episode, and after a yes the whole', async () => {
    const out = join(root, 'sampled');
    const { folder, results } = await smallSeason(root, 'other', 2);
    const watched = await home.taaf('submit', folder, ...how(out), '--sample', '1x1s', '--watch');
    expect(watched.stderr + watched.stdout).toContain('taaf approve');
    expect(watched.code).toBe(3);
    const samples = (await readdir(join(out, 'samples'))).filter((name) => name.endsWith('.mkv'));
    expect(samples).toHaveLength(2);
    for (const name of samples) {
      const { durationSeconds } = await probe(tools, join(out, 'samples', name));
      expect(durationSeconds).toBeGreaterThan(0.5);
      expect(durationSeconds).toBeLessThan(2);
    }
    const newest = (await listed())[0]?.season ?? '';
    expect((await home.taaf('approve', newest)).code).toBe(0);
    const whole = (await listed()).find((one) => one.folder === folder)?.season ?? '';
    expect((await home.settled(whole)).state).toBe('done');
    await access(join(out, results[1] ?? ''));
  });
});
