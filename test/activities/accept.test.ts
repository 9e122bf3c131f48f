import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accept } from '../../src/activities/accept.js';
import type { RefusableKind } from '../../src/domain/proof.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import { directoryStore } from '../../src/store/directory.js';
import { workReader } from '../../src/store/work.js';
import { temporaryFolder } from '../helpers/folder.js';

const ref = { season: 'show-0', episode: 'e01-0', planHash: '' };

describe('what a human accepts', () => {
  it('grows, survives the store, and holds for the recipe whose pictures he saw', async () => {
    const folder = await temporaryFolder();
    const registry = seasonRegistry(join(folder, 'data'));
    const acceptedIn = async (name: string, recipe: string, more: readonly RefusableKind[] = []) => {
      const store = directoryStore(join(folder, name));
      await accept({ registry }, { ...ref, accept: more }, recipe, store);
      return [...(await workReader(store).read(recipe)).accepted].sort();
    };
    expect(await acceptedIn('first', 'r-1')).toEqual([]);
    expect(await acceptedIn('first', 'r-1', ['green'])).toEqual(['green']);
    expect(await acceptedIn('first', 'r-1', ['green', 'black'])).toEqual(['black', 'green']);
    expect(await acceptedIn('second', 'r-1')).toEqual(['black', 'green']);
    expect(await acceptedIn('second', 'r-2')).toEqual([]);
    expect(await acceptedIn('second', 'r-2', ['mark'])).toEqual(['mark']);
  });
});
