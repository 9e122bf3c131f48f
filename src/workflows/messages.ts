/** Every message that a workflow takes or answers, and the shapes of their arguments: the one file that the CLI and the workflows share. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FailureFact } from '../domain/failures.js';
import type { EpisodeId, MachineId, RecipeId, SeasonId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import type { Delivery, EpisodePhase, FleetName, Pool } from '../domain/season.js';

export interface SeasonEpisode {
  readonly id: EpisodeId;
  readonly number: number;
  readonly stem: string;
  /** Frames of the restored picture, as estimated by the plan. */
  readonly frames: number;
  /** What a human accepts of its pictures. */
  readonly accept?: readonly RefusableKind[];
}

export interface SeasonInput {
  readonly season: SeasonId;
  readonly title: string;
  readonly fleet: FleetName;
  /** SHA-256 of plan.json in the store: the plan itself never travels through a history. */
  readonly planHash: string;
  /** In the order in which they are started: longest first. */
  readonly episodes: readonly SeasonEpisode[];
  /** What each of its machines is leased from. */
  readonly pools: readonly Pool[];
  /** Most machines of this season at once. */
  readonly width: number;
  /** Most machines that work on one episode at once. */
  readonly machinesPerEpisode: number;
  readonly out: string;
  readonly keepStore: boolean;
  /** The first episode alone, then it waits for `approve`: a look at the result and the price before the rest is paid for. */
  readonly pilot?: boolean;
  /** Every duration is divided by this; 1 outside of tests. */
  readonly timeScale: number;
}

export interface EpisodeView {
  readonly id: EpisodeId;
  readonly number: number;
  readonly stem: string;
  readonly phase: EpisodePhase;
  /** Frames of the restored picture: estimated until the manifest is there. */
  readonly frames: number;
  readonly failure?: FailureFact;
  readonly delivery?: Delivery;
  /** Generation of the episode's workflow: counts `retry`. */
  readonly attempt: number;
}

export interface MachineView {
  readonly id: MachineId;
  readonly step: 'waiting' | 'launching' | 'configuring' | 'working' | 'draining' | 'releasing';
}

/**
 * `running`; `paused`: nothing new is taken; `approval`: the pilot has ended and the rest waits for a yes; `attention`: all is settled but something failed and waits for retry or giving up;
 * `cancelling`; `closing`: every episode is delivered or given up, and what was needed for it is being removed; `done`.
 */
export type SeasonState =
  'running' | 'paused' | 'approval' | 'attention' | 'cancelling' | 'closing' | 'done' | 'cancelled';

export interface SeasonView {
  readonly season: SeasonId;
  readonly title: string;
  readonly state: SeasonState;
  readonly fleet: FleetName;
  readonly width: number;
  readonly out: string;
  readonly episodes: readonly EpisodeView[];
  readonly machines: readonly MachineView[];
  /** Every source is up and agents run: the laptop may sleep. Otherwise what still needs it. */
  readonly safeToClose: boolean;
  /** Why the last notice did not reach everybody; empty when it did. */
  readonly untold: readonly FailureFact[];
}

/** What the season's workflow returns. */
export interface SeasonResult {
  readonly season: SeasonId;
  readonly state: 'done' | 'cancelled';
  readonly episodes: readonly EpisodeView[];
  readonly untold: readonly FailureFact[];
}

export const statusQuery = defineQuery<SeasonView>('status');
/** `discard` throws away what is rendered but not delivered. */
export const cancelUpdate = defineUpdate<void, [{ readonly discard: boolean }]>('cancel');
/** `accept`: kinds of pictures that were refused and are wanted all the same. */
export const retryUpdate = defineUpdate<void, [EpisodeId, accept?: readonly RefusableKind[]]>('retry');
export const cancelEpisodeUpdate = defineUpdate<void, [EpisodeId]>('cancelEpisode');
export const pauseUpdate = defineUpdate<void>('pause');
export const resumeUpdate = defineUpdate<void>('resume');
/** Lets the rest of a season go on after its pilot. */
export const approveUpdate = defineUpdate<void>('approve');
export const setWidthUpdate = defineUpdate<void, [number]>('setWidth');
/** Ends a season that waits for attention: what failed stays undelivered. */
export const giveUpUpdate = defineUpdate<void>('giveUp');

/** Episode → season: its job is in the store, or is there but nobody works at it. */
export interface EpisodeNews {
  readonly episode: EpisodeId;
  readonly recipe: RecipeId;
  readonly news: 'ready' | 'restored' | 'unattended';
}
export const episodeNewsSignal = defineSignal<[EpisodeNews]>('episodeNews');

/** Machine → season: what it does now. */
export const machineNewsSignal = defineSignal<[MachineView]>('machineNews');

/** Season → episode: its machines fail again and again; it ends with this. */
export const abandonSignal = defineSignal<[FailureFact]>('abandon');
/** Season → episode: what is rendered is not wanted any more. */
export const discardSignal = defineSignal('discard');

/** Machine → capacity, and back. */
export interface LeaseRequest {
  readonly season: SeasonId;
  readonly machine: MachineId;
  readonly episode: EpisodeId;
  readonly fleet: FleetName;
  /** The machine's workflow, where the grant goes. */
  readonly workflowId: string;
  /** All of them at once, or none. */
  readonly pools: readonly Pool[];
}
export const requestLeaseSignal = defineSignal<[LeaseRequest]>('requestLease');
/** Withdraws a request or gives a lease back: only after the machine is confirmed gone. */
export const returnLeaseSignal = defineSignal<[workflowId: string]>('returnLease');
export const leaseGrantedSignal = defineSignal('leaseGranted');
/** Asks a machine to finish the units in hand and end: another season waits, the season is paused or narrower, the engine has no licence. */
export type DrainReason = 'fair-share' | 'paused' | 'width' | 'licence';
export const drainSignal = defineSignal<[DrainReason]>('drain');

/** Heartbeat of the activity `collect`: how far an episode is, for everybody who can describe its workflow. */
export interface CollectHeartbeat {
  /** Frames rendered, all in all, those in hand included; and of how many (0 until it is restored). */
  readonly frames: number;
  readonly total: number;
  /** Frames a second of all machines that are at it. */
  readonly rate: number;
  readonly machines: readonly MachineId[];
  readonly restoring: boolean;
}
