/** What a human accepts of an episode's pictures: remembered with the season's records, and told to the agents through the store. */
import { keys, type RecipeId } from '../domain/ids.js';
import type { Acceptance } from '../domain/job.js';
import type { RefusableKind } from '../domain/proof.js';
import type { ObjectStore } from '../store/port.js';
import { createRecord } from '../store/records.js';
import type { EpisodeRef } from '../workflows/activities.js';
import type { Ports } from './ports.js';

/** It was said about pictures of this recipe: another one starts with nothing accepted. */
export async function accept(
  { registry }: Pick<Ports, 'registry'>,
  { season, episode, accept: more = [] }: EpisodeRef & { readonly accept?: readonly RefusableKind[] },
  recipe: RecipeId,
  store: ObjectStore,
): Promise<void> {
  const known = await registry.accepted(season, episode);
  const before = known?.recipe === recipe ? known.kinds : [];
  const kinds = [...new Set([...before, ...more])];
  if (kinds.length > before.length) await registry.saveAccepted(season, episode, { recipe, kinds });
  for (const kind of kinds) {
    const acceptance: Acceptance = { kind, at: Date.now() };
    await createRecord(store, keys.accepted(recipe, kind), acceptance);
  }
}
