import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as fixtures from '../fixtures/media.js';
import { temporaryFolder } from '../helpers/folder.js';
import { taaf } from './harness.js';

interface Answer {
  readonly verdict: { readonly cadence: string };
  readonly passages: readonly { readonly kind: string; readonly first: number; readonly frames: number }[];
  readonly words: readonly unknown[];
}

it('a stretch is corrected by hand, the plan goes by it, and --reset forgets it', async () => {
  const folder = await temporaryFolder();
  const file = await fixtures.hybrid(folder, [
    { kind: 'film', count: 60 },
    { kind: 'video', count: 60 },
    { kind: 'film', count: 60 },
  ]);
  const env = { ...process.env, TAAF_HOME: join(folder, 'home') };
  const ask = async (...args: string[]): Promise<Answer> => {
    const ran = await taaf(['cadence', file, '--json', ...args], { env, cwd: folder });
    expect(ran.code).toBe(0);
    return JSON.parse(ran.stdout) as Answer;
  };
  const kinds = ({ passages }: Answer) => passages.map(({ kind, first, frames }) => [kind, first, frames]);

  expect(kinds(await ask())).toEqual([
    ['film', 0, 75],
    ['video', 75, 30],
    ['film', 105, 75],
  ]);
  const corrected = await ask('--set', '0:01-0:01.5=video');
  expect(kinds(corrected)[1]).toEqual(['video', 30, 15]);
  expect(kinds(await ask())).toEqual(kinds(corrected));

  const planned = await taaf(['plan', file, '--profile', 'dvd-4k-fast'], { env, cwd: folder });
  expect(planned.stdout).toMatch(/film 75%, video 25%/);
  expect(planned.stdout).toMatch(/1 {2}━+░+━+░+━+/);

  const reset = await ask('--reset');
  expect([reset.words, kinds(reset).length]).toEqual([[], 3]);
  // Another file under the same name is looked at anew.
  await ask('--set', '0-1=video');
  await utimes(file, new Date(0), new Date(0));
  expect((await ask()).words).toEqual([]);
});
