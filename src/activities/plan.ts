/** The season's plan as the activities read it: from the store, and only the one that the workflow means. */
import { canonicalJson, sha256Of } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';
import { keys, recipeId, type RecipeId } from '../domain/ids.js';
import { ingredientsOf } from '../domain/recipe-lock.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';
import type { EpisodeRef } from '../workflows/activities.js';
import type { Ports } from './ports.js';

export interface PlannedEpisode {
  readonly plan: SeasonPlan;
  readonly episode: EpisodePlan;
}

/** @throws Failure `bug` when the store holds another plan than the workflow was started with */
export async function plannedEpisode(
  ports: Ports,
  { season, episode: id, planHash }: EpisodeRef,
): Promise<PlannedEpisode> {
  const object = await (await ports.store(season)).get(keys.plan);
  if (!object) throw new Failure('bug', `The store of ${season} holds no plan`);
  const plan = JSON.parse((await object.read()).toString('utf8')) as SeasonPlan;
  if (hashOfPlan(plan) !== planHash)
    throw new Failure('bug', `The store of ${season} holds another plan than was submitted`);
  const episode = plan.episodes.find((candidate) => candidate.id === id);
  if (!episode) throw new Failure('bug', `${id} is not in the plan of ${season}`);
  return { plan, episode };
}

/** Names a plan: SHA-256 of its canonical JSON. */
export const hashOfPlan = (plan: SeasonPlan): string => sha256Of(canonicalJson(plan));

/** Names all work on an episode: the same source, profile, cadence, size and tools give the same recipe, and never two renders. @param source its SHA-256 */
export const recipeOf = ({ plan, episode }: PlannedEpisode, source: string): RecipeId =>
  recipeId(sha256Of(canonicalJson({ source, ...ingredientsOf(plan, episode) })));
