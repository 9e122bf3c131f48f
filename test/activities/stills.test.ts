import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bringStills } from '../../src/activities/stills.js';
import { keys } from '../../src/domain/ids.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import { directoryStore } from '../../src/store/directory.js';
import { temporaryFolder } from '../helpers/folder.js';

describe('stills', () => {
  it('are brought into the season’s records under their time and kind, and survive the store', async () => {
    const folder = await temporaryFolder();
    const store = directoryStore(join(folder, 'store'));
    const registry = seasonRegistry(join(folder, 'data'));
    const key = keys.still('r-1', 3, 'e01-0-l1', 0, '0-12-34-567-tile.png');
    await store.put(key, { bytes: Buffer.from('a picture') });
    const ref = { season: 'show-0', episode: 'e01-0', planHash: '', recipe: 'r-1' };
    const bring = () => bringStills({ registry, store: async () => store }, ref, new AbortController().signal);
    const path = join(folder, 'data', 'seasons', 'show-0', 'stills', 'e01-0', '0-12-34-567-tile.png');
    expect([...(await bring())]).toEqual([[key, path]]);
    expect([...(await bring())]).toEqual([[key, path]]);
    await store.remove(keys.work('r-1'));
    expect((await readFile(path)).toString()).toBe('a picture');
    expect([...(await bring())]).toEqual([]);
  });
});
