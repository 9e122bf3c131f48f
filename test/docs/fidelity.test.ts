/** What docs/fidelity.md says of every fixture is what is measured here, now. `npm run docs` writes it anew. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver, matrix, rowOf, sabotages, type Delivered } from './fidelity.js';
import { table } from './key-table.js';
import { filled, page, root } from './pages.js';

const HEAD = ['Source', 'Frames', 'Lost', 'Doubled', 'Blended', 'Longer by', 'Late by at most', 'Beside the picture'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-fidelity-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('docs/fidelity.md', () => {
  it('says what every source becomes, and what is said of results that are spoiled', async () => {
    const delivered = new Map<string, Delivered>();
    const measure = async (made: (typeof matrix)[number]): Promise<string[]> => {
      const one = await deliver(folder, made);
      delivered.set(made.name, one);
      return rowOf(made, one);
    };
    const rows = await pMap(matrix, measure, { concurrency: 2 });
    // Not only what the page says: what a source must become.
    for (const [name, , ...wrong] of rows) expect(wrong.slice(0, 3), name).toEqual(['0', '0', '0']);

    const find = (word: string) => [...delivered].find(([name]) => name.includes(word))?.[1];
    const goods = { streams: find('VobSubs'), captions: find('captions') };
    const spoiledWords = async ({ name, of, spoil }: (typeof sabotages)[number], i: number): Promise<string[]> => {
      const good = goods[of];
      return [name, good ? await spoil(good, join(folder, `spoiled-${i}.mkv`)) : ''];
    };
    const said = await pMap(sabotages, spoiledWords, { concurrency: 2 });
    expect(said.filter(([, words]) => words === '' || words === 'nothing: it passes')).toEqual([]);

    const fidelity = page('docs/fidelity.md');
    const spoiled = table(['What is done', 'What TAAF says'], said);
    const { text } = filled(filled(fidelity, 'fixtures', table(HEAD, rows)), 'sabotage', spoiled);
    await expect(text).toMatchFileSnapshot(join(root, fidelity.path));
  });
});
