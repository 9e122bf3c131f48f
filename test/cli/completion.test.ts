import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownNames } from '../../src/cli/known-names.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import { planOf, recordOf } from './plans.js';
import { taaf } from './harness.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'taaf-tab-'));
  const registry = seasonRegistry(join(home, 'data'));
  for (const [season, stems] of [
    ['voyager-s1-9f86d081', ['Caretaker', 'Time and Again']],
    ['voyager-s2-22222222', ['Caretaker']],
  ] as const) {
    const plan = planOf(season, stems);
    await registry.save(recordOf(plan, home), plan);
  }
  await mkdir(join(home, 'profiles'));
  await writeFile(join(home, 'profiles', 'mine.yaml'), '');
});
afterAll(() => rm(home, { recursive: true }));

async function tab(...words: string[]): Promise<readonly string[]> {
  const env = { TAAF_HOME: home };
  const program = { complete: (kinds: Parameters<typeof knownNames>[0]) => knownNames(kinds, env) };
  const ran = await taaf(['--get-yargs-completions', 'taaf', ...words], { env, program });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return ran.stdout.split('\n').filter((line) => line !== '');
}

describe('TAB', () => {
  it('offers commands first', async () => {
    const offers = await tab('');
    expect(offers).toEqual(expect.arrayContaining(['submit', 'plan', 'watch', 'doctor']));
    expect(offers.filter((offer) => offer.startsWith('-'))).toEqual([]);
  });

  it('offers the options of the command', async () => {
    expect(await tab('submit', '--')).toEqual(expect.arrayContaining(['--profile', '--dry-run', '--json']));
  });

  it('offers seasons where a season is wanted', async () => {
    expect(await tab('status', '')).toEqual(['voyager-s1-9f86d081', 'voyager-s2-22222222']);
  });

  it('offers episodes by stem, with the season where the stem is not enough', async () => {
    expect(await tab('why', '')).toEqual([
      'voyager-s1-9f86d081/Caretaker',
      'Time and Again',
      'voyager-s2-22222222/Caretaker',
    ]);
  });

  it('offers profiles as the value of --profile, the user’s own too', async () => {
    expect(await tab('submit', './x', '--profile', '')).toEqual(
      expect.arrayContaining(['live-4k', 'dvd-4k-fast', 'mine']),
    );
  });

  it('offers the choices of an option and of a word', async () => {
    expect(await tab('submit', '--fleet', '')).toEqual(['local', 'aws']);
    expect(await tab('profiles', '')).toEqual(['show', 'check']);
  });

  it('leaves folders to the shell', async () => {
    expect(await tab('submit', '')).toEqual([]);
  });

  it('answers whatever is typed', async () => {
    for (const word of ['--constructor', '--__proto__', '--', '-', '--help', '--no-such', '\u0000'])
      for (const words of [[word], ['submit', word], ['why', word, '']])
        expect(await tab(...words)).toBeInstanceOf(Array);
  });

  it('prints the script that switches it on', async () => {
    const { stdout } = await taaf(['completion']);
    expect(stdout).toContain('taaf --get-yargs-completions');
  });
});
