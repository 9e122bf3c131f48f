/** A folder submitted with a profile: a window of episodes, the machines that work for them, and a summary. One episode's failure never fails the others. */
import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { lasting } from '../domain/durations.js';
import { episodeWorkflowId, type EpisodeId } from '../domain/ids.js';
import type { Notice } from './activities.js';
import { nowMs } from './clock.js';
import { detailsOf } from './details.js';
import type { episode, EpisodeOutcome } from './episode.js';
import { factOfFailure } from './failure.js';
import {
  abandonSignal,
  discardSignal,
  machineNewsSignal,
  episodeNewsSignal,
  statusQuery,
  type SeasonInput,
  type SeasonResult,
} from './messages.js';
import { activitiesFor } from './options.js';
import { tellIfOpen } from './tell.js';
import { handleSeasonUpdates } from './season-updates.js';
import {
  allSettled,
  awaitsApproval,
  countOf,
  isSettled,
  needsAttention,
  openSeason,
  pilotOf,
  settle,
  takeMachineNews,
  takeNews,
  viewOf,
  type EpisodeEntry,
} from './season-state.js';
import { staffing } from './staffing.js';

/** Episodes in flight: enough for any width, few enough for the worker's memory. */
const WINDOW = 50;

export async function season(input: SeasonInput): Promise<SeasonResult> {
  const state = openSeason(input);
  const acts = activitiesFor(input.timeScale);
  const started = nowMs();
  const work = new CancellationScope();
  const scopes = new Map<EpisodeId, CancellationScope>();
  const crew = staffing(state, acts, (entry, failure) => tellIfOpen(handleOf(entry).signal(abandonSignal, failure)));

  setHandler(statusQuery, () => viewOf(state));
  setHandler(episodeNewsSignal, (news) => takeNews(state, news));
  setHandler(machineNewsSignal, (news) => {
    takeMachineNews(state, news);
    show();
  });
  handleSeasonUpdates(state, {
    drain: (reason) => crew.drain(reason),
    cancelEpisode: (id) => scopes.get(id)?.cancel(),
    async cancel(discard) {
      state.cancelling = true;
      if (discard) await Promise.all(inFlight().map((entry) => tellIfOpen(handleOf(entry).signal(discardSignal))));
      work.cancel();
    },
  });

  try {
    await work.run(run);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    state.cancelling = true;
  }
  await CancellationScope.nonCancellable(windUp);
  const { episodes, untold } = viewOf(state);
  return { season: input.season, state: state.cancelling ? 'cancelled' : 'done', episodes, untold };

  async function run(): Promise<void> {
    await acts.openSeason({ season: input.season, planHash: input.planHash });
    for (let round = 1; ; round++) {
      while (!allSettled(state)) {
        state.stale = false;
        startEpisodes();
        await crew.review();
        show();
        if (awaitsApproval(state)) await approved();
        await condition(() => state.stale);
      }
      await crew.gone();
      show();
      if (!needsAttention(state)) return;
      await notify('attention', round);
      await condition(() => !allSettled(state) || !needsAttention(state));
    }
  }

  /** The machine of the pilot has nothing left to do and goes; the human looks at the result. */
  async function approved(): Promise<void> {
    await crew.gone();
    await notify('approval', state.episodes.size);
    await condition(() => !awaitsApproval(state));
  }

  /** An engine without a licence spoils everything that it renders: nothing more is spent until a human has mended it. */
  async function halt(): Promise<void> {
    state.paused = true;
    await crew.drain('licence');
  }

  /** For the Web UI. */
  function show(): void {
    setCurrentDetails(detailsOf(viewOf(state)));
  }

  function startEpisodes(): void {
    for (const entry of state.episodes.values()) {
      if (inFlight().length >= WINDOW) return;
      if (state.held && entry !== pilotOf(state)) continue;
      if (entry.phase === 'queued' && !state.paused) startEpisode(entry);
    }
  }

  function startEpisode(entry: EpisodeEntry): void {
    entry.phase = 'uploading';
    entry.attempt += 1;
    const scope = new CancellationScope();
    scopes.set(entry.id, scope);
    const outcome = scope.run(async () => (await startPatiently(input, entry)).result());
    const failed = (error: unknown): EpisodeOutcome =>
      isCancellation(error) ? { kind: 'cancelled' } : { kind: 'failed', failure: factOfFailure(error) };
    void outcome.catch(failed).then(async (result) => {
      settle(entry, result);
      state.stale = true;
      if (result.kind === 'failed' && result.failure.kind === 'licence') await halt();
    });
  }

  function inFlight(): EpisodeEntry[] {
    return [...state.episodes.values()].filter((entry) => !isSettled(entry) && entry.phase !== 'queued');
  }

  function handleOf(entry: EpisodeEntry) {
    return getExternalWorkflowHandle(episodeWorkflowId(input.season, entry.id));
  }

  /** Nothing is left behind: episodes have ended, machines are gone, the store too. */
  async function windUp(): Promise<void> {
    for (const entry of state.episodes.values()) if (entry.phase === 'queued') entry.phase = 'cancelled';
    await condition(() => allSettled(state));
    await crew.gone();
    await acts.closeSeason({ season: input.season, fleet: input.fleet, keepStore: input.keepStore });
    state.closed = true;
    show();
    await notify(state.cancelling ? 'cancelled' : 'finished', 0);
  }

  /** A word that cannot be said is shown by `taaf status`; it fails nothing. */
  async function notify(kind: Notice['kind'], round: number): Promise<void> {
    const notice: Notice = {
      id: `${kind}-${round}-${workflowInfo().runId}`,
      season: input.season,
      kind,
      done: countOf(state, 'done'),
      failed: countOf(state, 'failed'),
      total: state.episodes.size,
      seconds: Math.round((nowMs() - started) / 1000),
    };
    try {
      state.untold = await acts.notify(notice);
    } catch (error) {
      if (isCancellation(error)) throw error;
      state.untold = [factOfFailure(error)];
    }
  }
}

/** Starts the child; a run of the same episode that a lost season left behind may still be ending. */
async function startPatiently(input: SeasonInput, entry: EpisodeEntry) {
  const { season: seasonId, planHash, timeScale } = input;
  const { accept } = entry;
  const forgive = entry.attempt > 1;
  for (;;) {
    try {
      return await startChild<typeof episode>('episode', {
        workflowId: episodeWorkflowId(seasonId, entry.id),
        args: [{ season: seasonId, episode: entry.id, planHash, forgive, accept, timeScale }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: entry.stem.slice(0, 150),
        memo: { episode: entry.stem, attempt: entry.attempt },
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(lasting('retryMost', timeScale));
    }
  }
}
