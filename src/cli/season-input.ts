/** A plan as its workflow is told of it. Pure. */
import type { EpisodeId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import type { SeasonPlan } from '../domain/season.js';
import type { SeasonEpisode, SeasonInput } from '../workflows/messages.js';

export interface StartOptions {
  readonly planHash: string;
  readonly pools: SeasonInput['pools'];
  /** Most machines at once; absent: as many as the pools have. */
  readonly width: number | undefined;
  readonly pilot?: boolean;
  readonly timeScale: number;
  /** What a human accepts of the pictures of one episode. */
  readonly accept?: { readonly episode: EpisodeId; readonly kinds: readonly RefusableKind[] };
}

/** Machines that the scarcest pool has room for; none where there is no pool. */
function machinesIn(pools: SeasonInput['pools']): number[] {
  return pools.length === 0 ? [] : [Math.min(...pools.map(({ limit, units }) => Math.floor(limit / units)))];
}

/** Longest episodes first: the last machine is not left alone with one. */
export function seasonInput(plan: SeasonPlan, options: StartOptions): SeasonInput {
  const { planHash, pools, width, pilot, timeScale, accept } = options;
  const { season, title, fleet, out, keepStore } = plan;
  const episodes = [...plan.episodes]
    .sort((a, b) => b.estimatedFrames - a.estimatedFrames || a.number - b.number)
    .map(({ id, number, stem, estimatedFrames }): SeasonEpisode => {
      const entry = { id, number, stem, frames: estimatedFrames };
      return accept?.episode === id ? { ...entry, accept: accept.kinds } : entry;
    });
  return {
    season,
    title,
    fleet,
    planHash,
    episodes,
    pools,
    width: width ?? Math.max(1, ...machinesIn(pools)),
    machinesPerEpisode: 1,
    out,
    keepStore,
    ...(pilot ? { pilot } : {}),
    timeScale,
  };
}
