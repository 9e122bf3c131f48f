/** A season's state: plain data, changed by named steps, shown by one view. */
import { failureKinds, type FailureFact, type FailureKind } from '../domain/failures.js';
import { episodeOfMachine, type EpisodeId, type MachineId, type RecipeId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import type { Delivery, EpisodePhase } from '../domain/season.js';
import type { EpisodeOutcome } from './episode.js';
import type {
  EpisodeNews,
  EpisodeView,
  MachineView,
  SeasonEpisode,
  SeasonInput,
  SeasonState,
  SeasonView,
} from './messages.js';

export interface EpisodeEntry extends SeasonEpisode {
  phase: EpisodePhase;
  attempt: number;
  accept: readonly RefusableKind[];
  recipe: RecipeId | undefined;
  failure: FailureFact | undefined;
  delivery: Delivery | undefined;
  /** Launches in a row that finished no unit. */
  strikes: number;
  /** Finished units at the last survey. */
  finished: number;
}

export interface Season {
  readonly input: SeasonInput;
  readonly episodes: ReadonlyMap<EpisodeId, EpisodeEntry>;
  readonly machines: Map<MachineId, MachineView>;
  width: number;
  paused: boolean;
  cancelling: boolean;
  givenUp: boolean;
  /** Only the pilot may start. */
  held: boolean;
  /** Nothing is left to do, machines and store are gone. */
  closed: boolean;
  untold: readonly FailureFact[];
  /** Something has changed that may call for a machine or an episode's start. */
  stale: boolean;
}

/** Launches in a row without a finished unit after which an episode is given up until `retry`. */
const STRIKES = 3;
/** What the cloud does to machines says nothing about an episode: it is launched for again. */
const blameless: ReadonlySet<FailureKind> = new Set([
  'spot-reclaimed',
  'capacity',
  'quota',
  'throttled',
  'auth-expired',
]);

export function openSeason(input: SeasonInput): Season {
  const entries = input.episodes.map((episode): [EpisodeId, EpisodeEntry] => [
    episode.id,
    {
      ...episode,
      phase: 'queued',
      attempt: 0,
      accept: episode.accept ?? [],
      recipe: undefined,
      failure: undefined,
      delivery: undefined,
      strikes: 0,
      finished: 0,
    },
  ]);
  return {
    input,
    episodes: new Map(entries),
    machines: new Map(),
    width: input.width,
    paused: false,
    cancelling: false,
    givenUp: false,
    held: input.pilot ?? false,
    closed: false,
    untold: [],
    stale: true,
  };
}

/** The episode that goes ahead of the others. */
export const pilotOf = (season: Season): EpisodeEntry | undefined =>
  [...season.episodes.values()].sort((a, b) => a.number - b.number)[0];

/** The pilot has ended, well or badly, and the rest waits for a yes. */
export function awaitsApproval(season: Season): boolean {
  const pilot = pilotOf(season);
  return season.held && pilot !== undefined && isSettled(pilot) && !allSettled(season);
}

const finalPhases: ReadonlySet<EpisodePhase> = new Set(['done', 'failed', 'cancelled']);

export const isSettled = (entry: EpisodeEntry): boolean => finalPhases.has(entry.phase);
export const allSettled = (season: Season): boolean => [...season.episodes.values()].every(isSettled);
export const countOf = (season: Season, phase: EpisodePhase): number =>
  [...season.episodes.values()].filter((entry) => entry.phase === phase).length;

export function takeNews(season: Season, { episode, recipe, news }: EpisodeNews): void {
  const entry = season.episodes.get(episode);
  if (!entry || isSettled(entry)) return;
  entry.recipe = recipe;
  entry.phase = news === 'restored' ? 'rendering' : entry.phase === 'rendering' ? 'rendering' : 'waiting';
  season.stale = true;
}

export function settle(entry: EpisodeEntry, outcome: EpisodeOutcome): void {
  entry.phase = outcome.kind;
  entry.recipe = undefined;
  if (outcome.kind === 'done') entry.delivery = outcome.delivery;
  if (outcome.kind === 'failed') entry.failure = outcome.failure;
}

/** Back to the start, with everything forgiven, and more accepted than before. */
export function retry(season: Season, id: EpisodeId, accept: readonly RefusableKind[]): void {
  const entry = season.episodes.get(id);
  if (!entry) return;
  const accepted = [...new Set([...entry.accept, ...accept])];
  Object.assign(entry, { phase: 'queued', failure: undefined, strikes: 0, accept: accepted });
  season.stale = true;
}

/** Why an episode cannot be retried now; `undefined` when it can. */
export function retryRefusal(season: Season, id: EpisodeId): string | undefined {
  const entry = season.episodes.get(id);
  if (!entry) return `no episode ${id} in ${season.input.season}`;
  if (entry.phase === 'done') return `${entry.stem} is done already`;
  if (!isSettled(entry)) return `${entry.stem} is running already`;
  return season.cancelling ? `${season.input.season} is being cancelled` : undefined;
}

/**
 * Counts a launch that ended.
 * @param finished units of the episode that are finished now
 * @returns the failure with which the episode is to be given up, if so
 */
export function strike(
  entry: EpisodeEntry,
  finished: number,
  failure: FailureFact | undefined,
): FailureFact | undefined {
  const isStrike = finished <= entry.finished && !(failure && blameless.has(failure.kind));
  entry.strikes = finished > entry.finished ? 0 : entry.strikes + (isStrike ? 1 : 0);
  entry.finished = finished;
  if (failure && failureKinds[failure.kind].retry === 'human') return failure;
  if (entry.strikes < STRIKES) return undefined;
  return failure ?? { kind: 'machine-lost', what: `${STRIKES} machines in a row finished nothing of ${entry.stem}` };
}

/** Something failed, and nobody has said yet whether it is retried or given up. */
export const needsAttention = (season: Season): boolean => countOf(season, 'failed') > 0 && !season.givenUp;

/** A machine that has ended meanwhile is not brought back by late news. */
export function takeMachineNews(season: Season, news: MachineView): void {
  if (season.machines.has(news.id)) season.machines.set(news.id, news);
}

export const machinesOf = (season: Season, episode: EpisodeId): number =>
  [...season.machines.keys()].filter((machine) => episodeOfMachine(machine) === episode).length;

function stateOf(season: Season): SeasonState {
  if (season.cancelling) return season.closed ? 'cancelled' : 'cancelling';
  if (season.closed) return 'done';
  if (awaitsApproval(season)) return 'approval';
  if (allSettled(season)) return needsAttention(season) ? 'attention' : 'closing';
  return season.paused ? 'paused' : 'running';
}

const viewOfEpisode = ({ id, number, stem, phase, frames, failure, delivery, attempt }: EpisodeEntry): EpisodeView => ({
  id,
  number,
  stem,
  phase,
  frames,
  attempt,
  ...(failure ? { failure } : {}),
  ...(delivery ? { delivery } : {}),
});

export function viewOf(season: Season): SeasonView {
  const { season: id, title, fleet, out } = season.input;
  const entries = [...season.episodes.values()];
  const uploaded = entries.every((entry) => isSettled(entry) || entry.recipe !== undefined);
  const machines = [...season.machines.values()];
  const working = machines.some(({ step }) => step === 'working');
  // Until its agent runs, a machine needs this computer; left alone it would only cost until its own timer ends it.
  const needed = machines.some(({ step }) => step === 'launching' || step === 'configuring');
  const over = (allSettled(season) || awaitsApproval(season)) && machines.length === 0;
  return {
    season: id,
    title,
    fleet,
    out,
    state: stateOf(season),
    width: season.width,
    episodes: entries.map(viewOfEpisode).sort((a, b) => a.number - b.number),
    machines,
    safeToClose: over || (uploaded && working && !needed),
    untold: season.untold,
  };
}
