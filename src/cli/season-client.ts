/** What the command line says to a season's workflow, and what it hears. */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { episodeWorkflowId, seasonWorkflowId, TASK_QUEUE, type EpisodeId, type SeasonId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import {
  approveUpdate,
  cancelEpisodeUpdate,
  cancelUpdate,
  giveUpUpdate,
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  setWidthUpdate,
  statusQuery,
  type SeasonInput,
  type SeasonResult,
  type SeasonView,
} from '../workflows/messages.js';
import type { Temporal } from './client.js';
import { episodeWork, type EpisodeWork } from './episode-work.js';
import { isUnanswered, temporalFailure } from './temporal-failure.js';

/** `absent`: Temporal knows no such season. `silent`: no worker answers. */
export type SeasonAnswer =
  | { readonly kind: 'running' | 'ended'; readonly view: SeasonView }
  | { readonly kind: 'ended'; readonly result: SeasonResult }
  | { readonly kind: 'silent' }
  | { readonly kind: 'absent' };

export interface SeasonClient {
  /** Starts the season, or finds it running already. */
  start(input: SeasonInput): Promise<'started' | 'already running'>;
  ask(season: SeasonId): Promise<SeasonAnswer>;
  /** Whether its workflow is open; `false` also where there is none. */
  isOpen(season: SeasonId): Promise<boolean>;
  /** What the episode's activities report. */
  work(season: SeasonId, episode: EpisodeId): Promise<EpisodeWork>;
  retry(season: SeasonId, episode: EpisodeId, accept: readonly RefusableKind[]): Promise<void>;
  cancel(season: SeasonId, discard: boolean): Promise<void>;
  cancelEpisode(season: SeasonId, episode: EpisodeId): Promise<void>;
  pause(season: SeasonId): Promise<void>;
  resume(season: SeasonId): Promise<void>;
  /** The pilot is good: the rest may go on. */
  approve(season: SeasonId): Promise<void>;
  setWidth(season: SeasonId, width: number): Promise<void>;
  giveUp(season: SeasonId): Promise<void>;
}

/** A worker that lives answers a query in milliseconds. */
const QUERY_DEADLINE_MS = 3_000;
/** An update may wait for a workflow task that is under way. */
const UPDATE_DEADLINE_MS = 10_000;

export function seasonClient({ client, place }: Temporal): SeasonClient {
  const handleOf = (season: SeasonId): WorkflowHandle => client.workflow.getHandle(seasonWorkflowId(season));
  const within = async <T>(ms: number, act: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, act);
    } catch (error) {
      throw temporalFailure(error, place);
    }
  };
  const told = (season: SeasonId, tell: (handle: WorkflowHandle) => Promise<void>): Promise<void> =>
    within(UPDATE_DEADLINE_MS, () => tell(handleOf(season)));

  return {
    start: (input) => within(UPDATE_DEADLINE_MS, () => startSeason(client, input)),
    ask: (season) => within(UPDATE_DEADLINE_MS, () => ask(client, handleOf(season))),
    isOpen: (season) => within(UPDATE_DEADLINE_MS, async () => (await statusOf(handleOf(season))) === 'RUNNING'),
    work: (season, episode) => within(QUERY_DEADLINE_MS, () => episodeWork(client, episodeWorkflowId(season, episode))),
    retry: (season, episode, accept) =>
      told(season, (handle) => handle.executeUpdate(retryUpdate, { args: [episode, accept] })),
    cancel: (season, discard) => told(season, (handle) => handle.executeUpdate(cancelUpdate, { args: [{ discard }] })),
    cancelEpisode: (season, episode) =>
      told(season, (handle) => handle.executeUpdate(cancelEpisodeUpdate, { args: [episode] })),
    pause: (season) => told(season, (handle) => handle.executeUpdate(pauseUpdate)),
    resume: (season) => told(season, (handle) => handle.executeUpdate(resumeUpdate)),
    approve: (season) => told(season, (handle) => handle.executeUpdate(approveUpdate)),
    setWidth: (season, width) => told(season, (handle) => handle.executeUpdate(setWidthUpdate, { args: [width] })),
    giveUp: (season) => told(season, (handle) => handle.executeUpdate(giveUpUpdate)),
  };
}

type TemporalClient = Temporal['client'];

/** Two submits of one folder are one season: a running workflow of this id is used, and the memo tells whose start it was. */
async function startSeason(client: TemporalClient, input: SeasonInput): Promise<'started' | 'already running'> {
  const submission = randomUUID();
  const handle = await client.workflow.start('season', {
    args: [input],
    taskQueue: TASK_QUEUE,
    workflowId: seasonWorkflowId(input.season),
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo: { submission, title: input.title, out: input.out },
    staticSummary: `${input.title}: ${input.episodes.length} episodes`.slice(0, 200),
    staticDetails: detailsOf(input),
  });
  const { memo } = await handle.describe();
  return memo?.['submission'] === submission ? 'started' : 'already running';
}

/** Markdown for the Web UI. */
function detailsOf({ out, fleet, episodes }: SeasonInput): string {
  const listed = episodes.slice(0, 50).map(({ number, stem }) => `- ${number}: ${stem}`);
  const more = episodes.length > 50 ? [`- … and ${episodes.length - 50} more`] : [];
  return [`Results: \`${out}\``, '', `Machines: ${fleet}`, '', ...listed, ...more].join('\n');
}

type ExecutionState = 'RUNNING' | 'COMPLETED' | 'OTHER' | 'ABSENT';

async function statusOf(handle: WorkflowHandle): Promise<ExecutionState> {
  try {
    const { name } = (await handle.describe()).status;
    return name === 'RUNNING' || name === 'COMPLETED' ? name : 'OTHER';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'ABSENT';
    throw error;
  }
}

/** The question goes out at once; whether the workflow has ended, and so needs no worker to tell its result, is learnt meanwhile. */
async function ask(client: TemporalClient, handle: WorkflowHandle): Promise<SeasonAnswer> {
  const asked = client
    .withDeadline(Date.now() + QUERY_DEADLINE_MS, () => handle.query(statusQuery))
    .then(
      (view) => ({ view }),
      (error: unknown) => ({ error }),
    );
  const state = await statusOf(handle);
  if (state === 'ABSENT') return { kind: 'absent' };
  if (state === 'COMPLETED') return { kind: 'ended', result: (await handle.result()) as SeasonResult };
  const answer = await asked;
  if ('view' in answer) return { kind: state === 'RUNNING' ? 'running' : 'ended', view: answer.view };
  if (isUnanswered(answer.error)) return { kind: 'silent' };
  throw answer.error;
}
