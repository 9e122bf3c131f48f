/** Puts together what is known of a season right now: its workflow, its activities, and this computer's records. */
import pMap from 'p-map';
import { Failure } from '../domain/failures.js';
import type { Delivery, SeasonPlan } from '../domain/season.js';
import type { SeasonRecord } from '../seasons/registry.js';
import type { EpisodeView, SeasonView } from '../workflows/messages.js';
import type { SeasonAnswer, SeasonClient } from './season-client.js';
import type { EpisodeStatus, SeasonStatus } from './season-status.js';

/** What this computer remembers of a season. */
export interface Remembered {
  readonly record: SeasonRecord;
  readonly plan: SeasonPlan;
  readonly deliveries: readonly Delivery[];
}

/** Episodes asked at once. */
const AT_ONCE = 8;
const moving: ReadonlySet<EpisodeView['phase']> = new Set(['uploading', 'waiting', 'rendering', 'assembling']);

/** @param client absent where Temporal does not run: then the records speak alone */
export async function snapshot(client: SeasonClient | undefined, remembered: Remembered): Promise<SeasonStatus> {
  const status = await askedOrRemembered(client, remembered);
  const { samplesOf } = remembered.record;
  return samplesOf === undefined ? status : { ...status, samplesOf: samplesOf.folder };
}

async function askedOrRemembered(client: SeasonClient | undefined, remembered: Remembered): Promise<SeasonStatus> {
  const { season } = remembered.record;
  const answer: SeasonAnswer = client ? await client.ask(season) : { kind: 'silent' };
  if (answer.kind === 'absent' || client === undefined) return fromRecords(remembered);
  if ('result' in answer) return { ...fromRecords(remembered), ...answer.result, source: 'result' };
  if (answer.kind === 'ended') return { ...answer.view, source: 'workflow' };
  const known: SeasonView = answer.kind === 'running' ? answer.view : fromRecords(remembered);
  const source = answer.kind === 'running' ? 'workflow' : 'records';
  // A silent worker's phases are unknown, so every episode without a result is asked for its activities.
  const asked = (episode: EpisodeView): boolean =>
    source === 'workflow' ? moving.has(episode.phase) : episode.phase !== 'done';
  const episodes = await pMap(
    known.episodes,
    async (episode): Promise<EpisodeStatus> =>
      asked(episode) ? { ...episode, ...(await client.work(season, episode.id)) } : episode,
    { concurrency: AT_ONCE },
  );
  return { ...known, episodes, source };
}

/** What the records alone tell: which episodes are delivered. */
export function fromRecords({ record, plan, deliveries }: Remembered): SeasonStatus {
  const delivered = new Map(deliveries.map((delivery) => [delivery.episode, delivery]));
  const episodes = plan.episodes.map(({ id, number, stem, estimatedFrames }): EpisodeStatus => {
    const delivery = delivered.get(id);
    const base = { id, number, stem, attempt: 1 };
    return delivery
      ? { ...base, phase: 'done', frames: delivery.frames, delivery }
      : { ...base, phase: 'queued', frames: estimatedFrames };
  });
  return {
    season: record.season,
    title: record.title,
    state: episodes.every(({ phase }) => phase === 'done') ? 'done' : 'running',
    fleet: plan.fleet,
    width: 0,
    out: record.out,
    episodes,
    machines: [],
    safeToClose: false,
    untold: [],
    source: 'records',
  };
}

export function episodeOf(status: SeasonStatus, id: string): EpisodeStatus {
  const episode = status.episodes.find((candidate) => candidate.id === id);
  if (episode === undefined) throw new Failure('bug', `season ${status.season} does not know its episode ${id}`);
  return episode;
}
