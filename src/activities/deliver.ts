/** Puts a finished result into the output folder, and what it was made of beside it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, sha256Of, sha256OfFile } from '../disk/hash.js';
import { publish, publishOver } from '../disk/publish.js';
import { Failure } from '../domain/failures.js';
import type { EpisodeProof } from '../domain/proof.js';
import { ingredientsOf } from '../domain/recipe-lock.js';
import type { Delivery } from '../domain/season.js';
import { failpoint } from '../process/failpoint.js';
import { occupantOf, writeLock } from '../seasons/recipe-locks.js';
import { keepReplaced } from '../seasons/replaced.js';
import type { RecipeRef } from '../workflows/activities.js';
import type { PlannedEpisode } from './plan.js';
import type { Ports } from './ports.js';

/** What is about to be put into the output folder: a crash after that finds its own work again by it. */
export interface Result {
  readonly bytes: number;
  readonly sha256: string;
  readonly frames: number;
  readonly durationSeconds: number;
  /** Absent where 0.1.0 began what this version goes on with. */
  readonly proof?: EpisodeProof;
}

/**
 * Moves `made` to its place. An older result of TAAF's own is kept in `.taaf/replaced`; at any time the old one lies there, or the new one.
 * @throws Failure `output-exists` where a file lies that is no result, or one that somebody has changed
 */
export async function deliver(
  result: Result,
  made: string,
  { plan: { out }, episode }: PlannedEpisode,
  signal: AbortSignal,
): Promise<void> {
  const output = join(out, episode.output);
  if ((await publish(made, output)) === 'published') return;
  // A file is there already: ours from before a crash, an older one of ours, or a stranger's.
  const { size } = await stat(output);
  if (size === result.bytes && (await sha256OfFile(output, undefined, signal)) === result.sha256) return;
  await publishOver(made, output, async () => {
    const older = await occupantOf(out, episode.output, signal);
    if (older === 'nobody') return;
    if (older === 'stranger')
      throw new Failure('output-exists', 'There is a file already where the result belongs', { evidence: output });
    await keepReplaced(out, older);
    failpoint('replace');
  });
}

/** The lock goes first: what TAAF's data folder knows, the output folder knows too. */
export async function recordDelivery(
  { registry }: Ports,
  { season, episode: id, recipe }: RecipeRef,
  { plan, episode }: PlannedEpisode,
  made: Result,
): Promise<Delivery> {
  const source = await registry.sourceHash(season, id);
  if (!source) throw new Failure('bug', `${id} is delivered, and nobody has hashed its source`);
  const result = { ...made, deliveredAt: Date.now() };
  const { output } = episode;
  await writeLock(plan.out, {
    ...{ version: 1, output, recipe, source: source.sha256 },
    profileSha256: sha256Of(canonicalJson(episode.profile)),
    ...ingredientsOf(plan, episode),
    result,
  });
  const delivery = { episode: id, recipe, output: join(plan.out, output), ...result };
  await registry.deliver(season, delivery);
  return delivery;
}
