/** Pictures of what looks wrong: brought from the store into the folder of the season's records, where they outlive the store. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { keys } from '../domain/ids.js';
import type { RecipeRef } from '../workflows/activities.js';
import type { Ports } from './ports.js';

/**
 * Brings all stills of an episode; what is there already is replaced by the same.
 * @returns path at home by key in the store
 */
export async function bringStills(
  ports: Pick<Ports, 'registry' | 'store'>,
  { season, episode, recipe }: RecipeRef,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const store = await ports.store(season);
  const folder = join(ports.registry.folder(season), 'stills', episode);
  const brought = new Map<string, string>();
  for (const { key } of await store.list(keys.stills(recipe))) {
    const path = join(folder, basename(key));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await store.get(key))?.save(path, { signal });
    brought.set(key, path);
  }
  return brought;
}
