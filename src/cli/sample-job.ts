/** An episode of a plan as a job that no store holds: for what looks at an episode without rendering it in earnest. */
import type { Job } from '../domain/job.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';

export const jobOf = (
  plan: Pick<SeasonPlan, 'season'>,
  { id, source, bytes, cadence, profile, target }: EpisodePlan,
): Job => ({
  version: 1,
  season: plan.season,
  episode: id,
  recipe: 'r-sample',
  order: 0,
  source: { key: `sources/${id}/sample`, sha256: '', bytes },
  info: source,
  cadence,
  profile,
  target,
});
