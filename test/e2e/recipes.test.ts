import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/cli/views/plan.js';
import { sha256OfFile } from '../../src/disk/hash.js';
import type { RecipeLock } from '../../src/domain/recipe-lock.js';
import { frameHashes } from '../helpers/frame-hashes.js';
import { openHome, type Home } from './home.js';
import { FRAMES, resultsIn, smallSeason, type SmallSeason } from './season.js';

let root: string;
let home: Home;
let season: SmallSeason;
let out: string;
const [first, second] = ['Show - S01E01.mkv', 'Show - S01E02.mkv'];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-recipes-'));
  home = await openHome();
  season = await smallSeason(root, 'season', 2);
  out = join(root, 'out');
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

const args = (): [string, ...string[]] => [season.folder, '--profile', season.profile, '--out', out];
const phases = async (id: string): Promise<string[]> =>
  (await home.settled(id)).episodes.map(({ phase, failure }) => failure?.kind ?? phase);

/** Units that agents have begun, by the logs that outlive the store. */
async function begun(id: string, episode: number): Promise<number> {
  const { stdout } = await home.taaf('logs', `${id}/${episode}`);
  return stdout.match(/e0\d-\w+: \S+ begins/g)?.length ?? 0;
}

/** Which files lie there: one that was made again is another. */
const files = (): Promise<unknown[]> =>
  Promise.all(
    season.results.map(async (name) => {
      const { ino, mtimeMs } = await stat(join(out, name));
      return [name, ino, mtimeMs, await sha256OfFile(join(out, name))];
    }),
  );

const replaced = (): Promise<string[]> => readdir(join(out, '.taaf', 'replaced'));

async function lockOf(output: string): Promise<RecipeLock | undefined> {
  const folder = join(out, '.taaf', 'recipes');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as RecipeLock).find((lock) => lock.output === output);
}

/** Each goes on from where the one before has left the season. */
describe('the recipes of a season', () => {
  it('lie beside the results; a changed one renders its own episode only, and a worker killed meanwhile leaves the old result', async () => {
    const id = await home.submit(...args());
    expect(await phases(id)).toEqual(['done', 'done']);
    const [kept, older] = [await stat(join(out, first)), await sha256OfFile(join(out, second))];
    const units = await begun(id, 1);
    expect(units).toBeGreaterThan(0);
    const lock = await lockOf(second);
    expect(lock).toMatchObject({
      source: await sha256OfFile(join(season.folder, second)),
      profile: { upscale: { engine: 'ffmpeg' } },
      result: { bytes: (await stat(join(out, second))).size, sha256: older, frames: FRAMES },
    });

    const other = join(root, 'other.yaml');
    await writeFile(other, (await readFile(season.profile, 'utf8')).replace('quality: 24', 'quality: 40'));
    await writeFile(join(season.folder, 'taaf.yaml'), `episodes: { 'Show - S01E02': { profile: '${other}' } }\n`);
    const { warnings } = JSON.parse((await home.taaf('plan', ...args(), '--json')).stdout) as PlanReport;
    expect(warnings).toEqual([
      'Show - S01E02 would be made again: encode.quality 40 instead of 24. What lies there is kept in .taaf/replaced',
      'Show - S01E02 would differ from the result that lies there: encode.quality 40 instead of 24',
    ]);

    await home.arm('replace', 'SIGSTOP');
    expect(await home.begin(...args())).toBe(id);
    const worker = await home.asleep();
    expect(home.pids('worker.js')).toContain(worker);
    expect(await sha256OfFile(join(out, second))).toBe(older);
    home.kill(worker);
    expect(await phases(id)).toEqual(['done', 'done']);

    const { result, recipe } = (await lockOf(second)) ?? {};
    expect(recipe).not.toBe(lock?.recipe);
    expect(await sha256OfFile(join(out, second))).toBe(result?.sha256);
    expect(result?.sha256).not.toBe(older);
    expect(await frameHashes(join(out, second))).toHaveLength(FRAMES);
    const [name = '', ...more] = await replaced();
    expect([name, more]).toEqual([`Show - S01E02 ${lock?.recipe ?? ''}.mkv`, []]);
    expect(await sha256OfFile(join(out, '.taaf', 'replaced', name))).toBe(older);
    expect(await stat(join(out, first))).toMatchObject({ ino: kept.ino, mtimeMs: kept.mtimeMs });
    expect(await begun(id, 1)).toBe(units);
    expect(await resultsIn(out)).toEqual([first, second]);
  });

  it('are enough where TAAF’s own data is lost: nothing is rendered again', async () => {
    const before = await files();
    expect((await home.taaf('down')).code).toBe(0);
    await rm(join(home.folder, 'data'), { recursive: true });
    const id = await home.submit(...args());
    expect(await phases(id)).toEqual(['done', 'done']);
    expect(await files()).toEqual(before);
    expect(await Promise.all([1, 2].map((episode) => begun(id, episode)))).toEqual([0, 0]);
    expect(await replaced()).toHaveLength(1);
    const plan = JSON.parse((await home.taaf('plan', ...args(), '--json')).stdout) as PlanReport;
    expect(plan.warnings).toEqual([]);
  });

  it('do not speak for a result that somebody has changed: it is left as it is', async () => {
    await appendFile(join(out, second), 'mine');
    const before = await files();
    await rm(join(season.folder, 'taaf.yaml'));
    const id = await home.submit(...args());
    expect(await phases(id)).toEqual(['done', 'output-exists']);
    expect(await files()).toEqual(before);
    expect(await replaced()).toHaveLength(1);
  });
});
