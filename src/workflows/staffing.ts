/** Machines for a season: as many as its width allows and its open work needs; a lost one is replaced, one that is not needed any more is sent home. */
import { CancellationScope, ParentClosePolicy, startChild, type ChildWorkflowHandle } from '@temporalio/workflow';
import { machineId, machineWorkflowId, type EpisodeId, type MachineId } from '../domain/ids.js';
import type { Activities, SurveyEntry } from './activities.js';
import { factOfFailure } from './failure.js';
import type { machine, MachineResult } from './machine.js';
import { drainSignal, type DrainReason } from './messages.js';
import { tellIfOpen } from './tell.js';
import { isSettled, machinesOf, strike, type EpisodeEntry, type Season } from './season-state.js';

type MachineHandle = ChildWorkflowHandle<typeof machine>;

export interface Staffing {
  /** Launches what is missing and sends home what waits for nothing. */
  review(): Promise<void>;
  /** Asks every machine to finish the units in hand and end. */
  drain(reason: DrainReason): Promise<void>;
  /** Settles when every machine that was launched is confirmed gone. */
  gone(): Promise<void>;
}

/** @param abandon ends an episode whose machines fail again and again */
export function staffing(
  season: Season,
  acts: Activities,
  abandon: (entry: EpisodeEntry, failure: NonNullable<EpisodeEntry['failure']>) => Promise<unknown>,
): Staffing {
  const { input, machines } = season;
  const handles = new Map<MachineId, { readonly handle: MachineHandle; readonly scope: CancellationScope }>();
  const ends = new Set<Promise<void>>();

  const survey = (entries: readonly EpisodeEntry[]): Promise<SurveyEntry[]> => {
    const episodes = entries.flatMap(({ id, recipe }) => (recipe === undefined ? [] : [{ episode: id, recipe }]));
    return episodes.length === 0 ? Promise.resolve([]) : acts.surveyWork({ season: input.season, episodes });
  };

  const wanting = (): EpisodeEntry[] =>
    [...season.episodes.values()].filter((entry) => entry.recipe !== undefined && !isSettled(entry));

  async function review(): Promise<void> {
    const waiting = [...machines.values()].filter(({ step }) => step === 'waiting');
    if (season.paused || (machines.size >= season.width && waiting.length === 0)) return;
    const entries = wanting();
    const open = new Map((await survey(entries)).map((entry) => [entry.episode, entry.open]));
    for (const { id } of waiting) if ((open.get(episodeOf(id)) ?? 0) === 0) handles.get(id)?.scope.cancel();
    for (const entry of entries) {
      const wanted = Math.min(open.get(entry.id) ?? 0, input.machinesPerEpisode);
      while (machinesOf(season, entry.id) < wanted && machines.size < season.width) await launch(entry);
    }
  }

  const episodeOf = (id: MachineId): EpisodeId =>
    [...season.episodes.keys()].find((key) => id.startsWith(`${key}-l`)) ?? id;

  async function launch(entry: EpisodeEntry): Promise<void> {
    const { season: seasonId, fleet, pools, timeScale } = input;
    const number = await acts.nextLaunch({ season: seasonId, episode: entry.id, fleet });
    const taken = [...machines.keys()].map((id) => Number(id.slice(entry.id.length + 2)));
    const id = machineId(entry.id, Math.max(number, ...taken.filter(Number.isFinite).map((n) => n + 1)));
    machines.set(id, { id, step: 'waiting' });
    const scope = new CancellationScope();
    const handle = await scope.run(() =>
      startChild<typeof machine>('machine', {
        workflowId: machineWorkflowId(seasonId, id),
        args: [{ season: seasonId, episode: entry.id, machine: id, fleet, pools, timeScale }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `Machine ${id} for ${entry.stem}`.slice(0, 180),
      }),
    );
    handles.set(id, { handle, scope });
    const end = follow(entry, id, handle).finally(() => ends.delete(end));
    ends.add(end);
  }

  /** Until the machine is gone; then its place is free. */
  async function follow(entry: EpisodeEntry, id: MachineId, handle: MachineHandle): Promise<void> {
    const result = await handle.result().catch((error: unknown): MachineResult => ({
      drained: handles.get(id)?.scope.consideredCancelled ?? false,
      ended: { state: 'lost', failure: factOfFailure(error) },
    }));
    if (!result.drained && !season.cancelling && !isSettled(entry)) await judge(entry, result);
    machines.delete(id);
    handles.delete(id);
    season.stale = true;
  }

  /** A launch that finished nothing counts against its episode; after too many there is none any more until `retry`. */
  async function judge(entry: EpisodeEntry, { ended }: MachineResult): Promise<void> {
    const [now] = await survey([entry]);
    const failure = now && strike(entry, now.finished, ended.failure);
    if (!failure || now.open === 0) return;
    entry.recipe = undefined;
    await abandon(entry, failure);
  }

  async function drain(reason: DrainReason): Promise<void> {
    await Promise.all([...handles.values()].map(({ handle }) => tellIfOpen(handle.signal(drainSignal, reason))));
  }

  return {
    review,
    drain,
    async gone() {
      while (ends.size > 0) await Promise.allSettled([...ends]);
    },
  };
}
