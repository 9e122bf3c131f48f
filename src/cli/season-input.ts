/** A plan as its workflow is told of it. Pure. */
import type { SeasonPlan } from '../domain/season.js';
import type { SeasonInput } from '../workflows/messages.js';

export interface StartOptions {
  readonly planHash: string;
  readonly pool: SeasonInput['pool'];
  /** Most machines at once; absent: as many as the pool has. */
  readonly width: number | undefined;
  readonly timeScale: number;
}

/** Longest episodes first: the last machine is not left alone with one. */
export function seasonInput(plan: SeasonPlan, { planHash, pool, width, timeScale }: StartOptions): SeasonInput {
  const { season, title, fleet, out, keepStore } = plan;
  const episodes = [...plan.episodes]
    .sort((a, b) => b.estimatedFrames - a.estimatedFrames || a.number - b.number)
    .map(({ id, number, stem, estimatedFrames }) => ({ id, number, stem, frames: estimatedFrames }));
  return {
    season,
    title,
    fleet,
    planHash,
    episodes,
    pool,
    width: width ?? pool.limit,
    machinesPerEpisode: 1,
    out,
    keepStore,
    timeScale,
  };
}
