/** The updates a season takes. Validators are synchronous, as the SDK wants them, and refuse nonsense before it enters the history. */
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { EpisodeId } from '../domain/ids.js';
import { isRefusable } from '../domain/proof.js';
import {
  approveUpdate,
  cancelEpisodeUpdate,
  cancelUpdate,
  giveUpUpdate,
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  setWidthUpdate,
  type DrainReason,
} from './messages.js';
import { allSettled, awaitsApproval, countOf, isSettled, retry, retryRefusal, type Season } from './season-state.js';

export interface SeasonActs {
  drain(reason: DrainReason): Promise<void>;
  cancelEpisode(id: EpisodeId): void;
  cancel(discard: boolean): Promise<void>;
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, 'usage');
}

export function handleSeasonUpdates(season: Season, acts: SeasonActs): void {
  setHandler(retryUpdate, (id, accept = []): void => retry(season, id, accept), {
    validator: (id: EpisodeId, accept: readonly string[] = []) =>
      refuse(retryRefusal(season, id) ?? acceptRefusal(accept)),
  });
  setHandler(
    cancelEpisodeUpdate,
    (id) => {
      cancelOne(season, acts, id);
    },
    {
      validator: (id: EpisodeId) => refuse(cancelRefusal(season, id)),
    },
  );
  setHandler(cancelUpdate, ({ discard }) => acts.cancel(discard), {
    validator: (_options) => refuse(season.cancelling ? 'it is being cancelled already' : undefined),
  });
  setHandler(pauseUpdate, async () => {
    season.paused = true;
    await acts.drain('paused');
  });
  setHandler(resumeUpdate, () => {
    season.paused = false;
    season.stale = true;
  });
  setHandler(
    approveUpdate,
    () => {
      season.held = false;
      season.stale = true;
    },
    { validator: () => refuse(awaitsApproval(season) ? undefined : 'nothing waits to be approved') },
  );
  setHandler(setWidthUpdate, (width) => changeWidth(season, acts, width), {
    validator: (width) =>
      refuse(
        Number.isInteger(width) && width >= 1 && width <= 1_000 ? undefined : 'the width is a number from 1 to 1000',
      ),
  });
  setHandler(giveUpUpdate, () => void (season.givenUp = true), {
    validator: () =>
      refuse(allSettled(season) && countOf(season, 'failed') > 0 ? undefined : 'nothing waits to be given up'),
  });
}

function acceptRefusal(kinds: readonly string[]): string | undefined {
  const strange = kinds.find((kind) => !isRefusable(kind));
  return strange === undefined ? undefined : `no picture is refused for "${strange}"`;
}

function cancelRefusal(season: Season, id: EpisodeId): string | undefined {
  const entry = season.episodes.get(id);
  if (!entry) return `no episode ${id} in ${season.input.season}`;
  return isSettled(entry) ? `${entry.stem} has ended already` : undefined;
}

function cancelOne(season: Season, acts: SeasonActs, id: EpisodeId): void {
  const entry = season.episodes.get(id);
  if (entry?.phase === 'queued') entry.phase = 'cancelled';
  else acts.cancelEpisode(id);
  season.stale = true;
}

async function changeWidth(season: Season, acts: SeasonActs, width: number): Promise<void> {
  const narrower = season.machines.size > width;
  season.width = width;
  season.stale = true;
  if (narrower) await acts.drain('width');
}
