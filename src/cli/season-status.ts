/** A season as the views show it: what its workflow says, with what its running activities report. Plain data, printed as is by `--json`. */
import type { FailureFact } from '../domain/failures.js';
import type { EpisodePhase } from '../domain/season.js';
import type { EpisodeView, SeasonView } from '../workflows/messages.js';

/** Work on an episode, as its activity reports it. */
export interface EpisodeProgress {
  readonly frames: number;
  /** 0 until the episode is restored. */
  readonly total: number;
  /** Frames a second, all machines together. */
  readonly rate: number;
  readonly machines: readonly string[];
  readonly restoring: boolean;
  readonly etaSeconds?: number;
}

/** An activity that failed and is tried again by itself. */
export interface Retrying {
  readonly what: string;
  readonly attempt: number;
  readonly failure: FailureFact;
  /** Milliseconds since the epoch; absent while an attempt runs. */
  readonly nextAt?: number;
}

export interface EpisodeStatus extends EpisodeView {
  readonly progress?: EpisodeProgress;
  readonly retrying?: Retrying;
}

export interface SeasonStatus extends Omit<SeasonView, 'episodes'> {
  /** These are samples: folder of the season that they were cut from. */
  readonly samplesOf?: string;
  readonly episodes: readonly EpisodeStatus[];
  /**
   * `workflow`: the workflow itself answered. `result`: it has ended and this is its result.
   * `records`: nobody answered; what is known comes from this computer's records.
   */
  readonly source: 'workflow' | 'result' | 'records';
}

export interface Totals {
  readonly frames: number;
  readonly total: number;
  readonly rate: number;
  readonly etaSeconds?: number;
  readonly byPhase: Readonly<Partial<Record<EpisodePhase, number>>>;
}

const given: ReadonlySet<EpisodePhase> = new Set(['failed', 'cancelled']);

/** Frames that are done, and all that are to be done; failed and cancelled episodes are in neither. */
export function totalsOf(status: SeasonStatus): Totals {
  const byPhase: Partial<Record<EpisodePhase, number>> = {};
  let [frames, total, rate] = [0, 0, 0];
  for (const episode of status.episodes) {
    byPhase[episode.phase] = (byPhase[episode.phase] ?? 0) + 1;
    if (given.has(episode.phase)) continue;
    total += framesOf(episode);
    frames += framesDone(episode);
    rate += episode.progress?.rate ?? 0;
  }
  const eta = rate > 0 && frames < total ? { etaSeconds: (total - frames) / rate } : {};
  return { frames, total, rate, byPhase, ...eta };
}

/** Frames of an episode: estimated until it is restored. */
export const framesOf = ({ frames, progress }: EpisodeStatus): number =>
  progress && progress.total > 0 ? progress.total : frames;

/** Frames of an episode that are rendered. */
export function framesDone(episode: EpisodeStatus): number {
  if (episode.phase === 'done' || episode.phase === 'assembling') return framesOf(episode);
  return episode.progress?.frames ?? 0;
}

/** It has come as far as it may without a word of the human. */
export const waitsForHuman = ({ state, samplesOf }: SeasonStatus): boolean =>
  state === 'attention' || state === 'approval' || (state === 'done' && samplesOf !== undefined);

/** Nothing goes on by itself any more: it is finished, or waits for the human. */
export const isSettled = (status: SeasonStatus): boolean =>
  ['done', 'cancelled', 'attention', 'approval'].includes(status.state);
