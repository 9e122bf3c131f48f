/** One source video: its source into the store, its segments home, joined, verified, delivered, cleaned up. The outcome is a result, never an exception. */
import {
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { lasting } from '../domain/durations.js';
import type { FailureFact, FailureKind } from '../domain/failures.js';
import type { EpisodeId, RecipeId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import type { Delivery } from '../domain/season.js';
import type { EpisodeRef, RecipeRef } from './activities.js';
import { factOfFailure } from './failure.js';
import { abandonSignal, discardSignal, episodeNewsSignal, type EpisodeNews } from './messages.js';
import { activitiesFor } from './options.js';

export interface EpisodeInput extends EpisodeRef {
  /** This is a retry: failures of earlier attempts are forgiven. */
  readonly forgive: boolean;
  /** What a human accepts of its pictures; runs of 0.1.0 know no such thing. */
  readonly accept?: readonly RefusableKind[];
  readonly timeScale: number;
}

export type EpisodeOutcome =
  | { readonly kind: 'done'; readonly delivery: Delivery }
  | { readonly kind: 'failed'; readonly failure: FailureFact }
  | { readonly kind: 'cancelled' };

/** What is damaged between its check and the join is made again so many times. */
const ROUNDS = 3;

const damaged = (id: EpisodeId) => {
  const what = `What is finished of ${id} is damaged again and again`;
  return { type: 'verify-failed' satisfies FailureKind, message: what, nonRetryable: true };
};

export async function episode(input: EpisodeInput): Promise<EpisodeOutcome> {
  const { season, episode: id, planHash, forgive, accept = [], timeScale } = input;
  const ref: EpisodeRef = { season, episode: id, planHash };
  const acts = activitiesFor(timeScale);
  const steps = new CancellationScope();
  const delivery = new CancellationScope({ cancellable: false });
  let abandoned: FailureFact | undefined;
  setHandler(abandonSignal, (failure) => {
    abandoned ??= failure;
    steps.cancel();
  });
  setHandler(discardSignal, () => delivery.cancel());

  try {
    return { kind: 'done', delivery: await steps.run(deliver) };
  } catch (error) {
    if (abandoned) return { kind: 'failed', failure: abandoned };
    if (!isCancellation(error)) return { kind: 'failed', failure: factOfFailure(error) };
    await CancellationScope.nonCancellable(() => acts.cleanEpisode(ref));
    return { kind: 'cancelled' };
  }

  async function deliver(): Promise<Delivery> {
    const prepared = await acts.prepareEpisode({ ...ref, forgive, accept });
    if (prepared.state === 'delivered') return prepared.delivery;
    const task: RecipeRef = { ...ref, recipe: prepared.recipe };
    await tell({ episode: id, recipe: task.recipe, news: 'ready' });
    for (let round = 0; round < ROUNDS; round++) {
      await gather(task);
      // What is rendered is brought home even when the season is cancelled now, unless it is to be discarded.
      const delivered = await delivery.run(() => assemble(task));
      if (delivered !== 'incomplete') return delivered;
    }
    throw ApplicationFailure.create(damaged(id));
  }

  async function assemble(task: RecipeRef): Promise<Delivery | 'incomplete'> {
    const delivered = await acts.assemble(task);
    if (delivered !== 'incomplete') await acts.cleanEpisode(ref);
    return delivered;
  }

  /** Watches until everything is home; tells the season when machines are wanted. */
  async function gather(task: RecipeRef): Promise<void> {
    let restored = false;
    let unattendedMs = lasting('unattended', timeScale);
    for (;;) {
      const collected = await acts.collect({ ...task, restored, unattendedMs });
      if (collected === 'home') return;
      if (collected === 'restored') restored = true;
      else unattendedMs = Math.min(2 * unattendedMs, lasting('unattendedMost', timeScale));
      await tell({ episode: id, recipe: task.recipe, news: collected });
    }
  }

  function tell(news: EpisodeNews & { recipe: RecipeId }): Promise<void> {
    const { parent } = workflowInfo();
    if (!parent) return Promise.resolve();
    return getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(episodeNewsSignal, news);
  }
}
