/** Brings an episode's source into the store and creates its job. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { sha256OfFile } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';
import { keys, type RecipeId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { Delivery } from '../domain/season.js';
import { failpoint } from '../process/failpoint.js';
import { occupantOf } from '../seasons/recipe-locks.js';
import type { ObjectStore } from '../store/port.js';
import { createRecord, voidRecord } from '../store/records.js';
import type { Activities, EpisodeRef, Prepared } from '../workflows/activities.js';
import { accept } from './accept.js';
import { activity, type ActivityContext } from './boundary.js';
import { plannedEpisode, recipeOf, type PlannedEpisode } from './plan.js';
import type { Ports } from './ports.js';
import { checkedSource, type Source } from './source.js';

export const prepareActivities = (ports: Ports): Pick<Activities, 'prepareEpisode'> => ({
  prepareEpisode: activity((task, context) => prepare(ports, task, context)),
});

async function prepare(
  ports: Ports,
  task: Parameters<Activities['prepareEpisode']>[0],
  context: ActivityContext,
): Promise<Prepared> {
  const planned = await plannedEpisode(ports, task);
  const { episode } = planned;
  const source = await checkedSource(ports, task, planned, context);
  const sha256 = await hashOfSource(ports, task, source, context);
  const recipe = recipeOf(planned, sha256);
  const delivery =
    (await earlierDelivery(ports, task, recipe)) ?? (await lockedDelivery(ports, task, planned, recipe, context));
  if (delivery) return { state: 'delivered', delivery };

  const store = await ports.store(task.season);
  await accept(ports, task, recipe, store);
  if (task.forgive) await forgive(store, recipe);
  const key = keys.source(episode.id, sha256);
  failpoint('upload');
  if ((await store.stat(key))?.bytes !== source.bytes)
    await store.put(key, { file: source.path }, { signal: context.signal });
  await checkedSource(ports, task, planned, context);
  const job: Job = {
    version: 1,
    season: task.season,
    episode: episode.id,
    recipe,
    order: episode.number,
    source: { key, sha256, bytes: source.bytes },
    info: source.info,
    cadence: episode.cadence,
    profile: episode.profile,
    target: episode.target,
  };
  await createRecord(store, keys.job(recipe), job);
  return { state: 'ready', recipe };
}

/** The source's SHA-256; an unchanged file is read once. */
async function hashOfSource(
  ports: Ports,
  { season, episode }: EpisodeRef,
  { path, bytes, modifiedMs }: Source,
  { signal, report }: ActivityContext,
): Promise<string> {
  const known = await ports.registry.sourceHash(season, episode);
  if (known?.bytes === bytes && known.modifiedMs === modifiedMs) return known.sha256;
  let read = 0;
  const sha256 = await sha256OfFile(path, (more) => report({ read: (read += more), of: bytes }), signal);
  await ports.registry.saveSourceHash(season, episode, { bytes, modifiedMs, sha256 });
  return sha256;
}

/** What the same recipe gave before, if the result still lies there. */
async function earlierDelivery(ports: Ports, task: EpisodeRef, recipe: RecipeId): Promise<Delivery | undefined> {
  const delivery = await ports.registry.delivery(task.season, task.episode);
  if (delivery?.recipe !== recipe) return undefined;
  const bytes = await sizeOf(delivery.output);
  return bytes === delivery.bytes ? delivery : undefined;
}

/**
 * What the same recipe gave for another season or on another computer, if the result still lies there as it was. An older result of
 * TAAF's own may lie there: it goes aside when the new one is made.
 * @throws Failure `output-exists` for any other file: better now than after fifteen hours
 */
async function lockedDelivery(
  { registry }: Ports,
  { season, episode: id }: EpisodeRef,
  { plan: { out }, episode }: PlannedEpisode,
  recipe: RecipeId,
  { signal }: ActivityContext,
): Promise<Delivery | undefined> {
  const output = join(out, episode.output);
  const occupant = await occupantOf(out, episode.output, signal);
  if (occupant === 'stranger')
    throw new Failure('output-exists', `There is a file already where the result belongs`, { evidence: output });
  if (occupant === 'nobody' || occupant.recipe !== recipe) return undefined;
  const delivery = { episode: id, recipe, output, ...occupant.result };
  await registry.deliver(season, delivery);
  return delivery;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function forgive(store: ObjectStore, recipe: RecipeId): Promise<void> {
  for (const { key } of await store.list(`${keys.work(recipe)}failures/`)) {
    await voidRecord(store, recipe, key, 'forgiven by retry');
  }
}
