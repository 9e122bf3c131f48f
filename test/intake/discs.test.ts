import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeasonPlan } from '../../src/domain/season.js';
import { inspectorsOf } from '../../src/intake/inspectors.js';
import { makePlan, type PlanOptions } from '../../src/intake/intake.js';
import { parseProfile } from '../../src/profiles/parse.js';
import { change, copyOfDvds, dvds, scramble } from '../helpers/discs.js';
import { temporaryFolder } from '../helpers/folder.js';
import { tools } from '../helpers/tools.js';

const profile = parseProfile('upscale: {engine: ffmpeg}', 'mine', 'mine.yaml');

const plan = async (folder: string, options: Partial<PlanOptions> = {}): Promise<SeasonPlan> =>
  makePlan(
    { path: folder, profile, fleet: 'local', ...options },
    {
      inspectors: inspectorsOf(tools),
      install: 'install-1',
      versions: {},
      loadProfile: (name) => Promise.reject(new Error(name)),
    },
  );

const paths = ({ episodes }: SeasonPlan): string[] => episodes.map(({ path }) => path);
const reasons = ({ skipped }: SeasonPlan): Record<string, string> =>
  Object.fromEntries(skipped.map(({ path, reason }) => [path, reason]));

const leftOut = (disc: string): Record<string, string> => ({
  [`${disc} t01`]: 'plays titles 2 and 3',
  [`${disc} t04`]: 'plays the same as title 2',
  [`${disc} t05`]: 'an extra of 0:01',
});

describe('a season of two discs', () => {
  it('has their four episodes in order, and names what the other titles are', async () => {
    const season = await plan(await copyOfDvds());
    expect(season.episodes.map(({ number, path, stem, output }) => [number, path, stem, output])).toEqual(
      ['disc1 t02', 'disc1 t03', 'disc2 t02', 'disc2 t03'].map((name, i) => [i + 1, name, name, `${name}.mkv`]),
    );
    expect(reasons(season)).toEqual({ ...leftOut('disc1'), ...leftOut('disc2') });
    const [first] = season.episodes;
    expect(first?.origin).toMatchObject({ kind: 'title', disc: 'disc1/VIDEO_TS', title: 2 });
    expect(first?.source.durationSeconds).toBeCloseTo(3.003, 3);
    expect(first?.estimatedFrames).toBe(90);
    expect(season.episodes[2]?.origin).toMatchObject({ disc: 'disc2.iso', files: [{ path: 'disc2.iso' }] });
  });

  it('is the same plan however often it is made', async () => {
    const folder = await copyOfDvds();
    expect(await plan(folder)).toEqual(await plan(folder));
  });

  it('takes a title that taaf.yaml names, and leaves out the one that it skips', async () => {
    const overrides = { 'disc1 t05': {}, 'disc2 t02': { skip: true }, 'disc2 t01': { skip: true } };
    const season = await plan(await copyOfDvds(), { overrides });
    expect(paths(season)).toEqual(['disc1 t02', 'disc1 t03', 'disc1 t05', 'disc2 t03']);
    expect(reasons(season)).toMatchObject({
      'disc2 t02': 'skip: true in taaf.yaml',
      'disc2 t01': 'skip: true in taaf.yaml',
    });
  });

  it('has results named by their order where taaf.yaml names show and season, whatever is chosen or broken', async () => {
    const folder = await copyOfDvds();
    const naming = { show: 'Example', season: 1 };
    const outputs = async (options: Partial<PlanOptions> = {}) =>
      (await plan(folder, { naming, ...options })).episodes.map(({ output }) => output);
    const all = [1, 2, 3, 4].map((number) => `Example - S01E0${number}.mkv`);
    expect(await outputs()).toEqual(all);
    expect(await outputs({ episodes: '2,4' })).toEqual([all[1], all[3]]);
    await change(join(folder, 'disc1/VIDEO_TS/VTS_01_1.VOB'), scramble);
    expect(await outputs()).toEqual(all.slice(2));
  });

  it('is refused when two titles have one number', async () => {
    const overrides = { 'disc1 t02': { number: 2 }, 'disc1 t03': { number: 2 } };
    const refused = plan(await copyOfDvds(), { overrides, naming: { show: 'Example', season: 1 } });
    await expect(refused).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('would both become') as string,
    });
  });

  it('refuses a title in taaf.yaml that no disc has, with the near miss', async () => {
    const refused = plan(await copyOfDvds(), { overrides: { 'disc1 t12': { skip: true } } });
    await expect(refused).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('"disc1 t02"') as string,
    });
  });

  it('goes on without the disc that is encrypted, and says so', async () => {
    const folder = await copyOfDvds();
    await change(join(folder, 'disc1/VIDEO_TS/VTS_01_1.VOB'), scramble);
    const season = await plan(folder);
    expect(paths(season)).toEqual(['disc2 t02', 'disc2 t03']);
    expect(reasons(season)['disc1 t02']).toContain('is encrypted, and TAAF does not decrypt');
  });

  it('goes on without the disc that is damaged or none, and says why', async () => {
    const folder = await copyOfDvds();
    await truncate(join(folder, 'disc1/VIDEO_TS/VIDEO_TS.IFO'), 100);
    await writeFile(join(folder, 'data.iso'), 'no disc');
    const season = await plan(folder);
    expect(paths(season)).toEqual(['disc2 t02', 'disc2 t03']);
    expect(reasons(season)['disc1/VIDEO_TS']).toMatch(/^VIDEO_TS\.IFO is damaged \(byte \d+ of 100 is asked for\)$/);
    expect(reasons(season)['data.iso']).toMatch(/^is damaged \(it ends before byte \d+\)$/);
  });

  it('numbers its episodes among the plain files beside them', async () => {
    const folder = await copyOfDvds();
    await rm(join(folder, 'disc2.iso'));
    const vob = await readFile(join(dvds, 'disc1/VIDEO_TS/VTS_01_1.VOB'));
    await writeFile(join(folder, 'disc1 t02 again.vob'), vob);
    await writeFile(join(folder, 'a.vob'), vob.subarray(0, 200 * 2048));
    expect(paths(await plan(folder))).toEqual(['a.vob', 'disc1 t02', 'disc1 t02 again.vob', 'disc1 t03']);
  });
});

describe('loose VOBs of one set', () => {
  it('are one episode', async () => {
    const folder = await temporaryFolder();
    const vob = await readFile(join(dvds, 'disc1/VIDEO_TS/VTS_01_1.VOB'));
    await writeFile(join(folder, 'VTS_01_1.VOB'), vob.subarray(0, 100 * 2048));
    await writeFile(join(folder, 'VTS_01_2.VOB'), vob.subarray(100 * 2048));
    const season = await plan(folder);
    expect(season.episodes.map(({ path, bytes }) => [path, bytes])).toEqual([['VTS_01', vob.length]]);
    expect(season.episodes[0]?.origin?.files.map(({ path }) => path)).toEqual(['VTS_01_1.VOB', 'VTS_01_2.VOB']);
  });
});
