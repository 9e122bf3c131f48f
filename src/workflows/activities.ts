/** What workflows ask of the world: the activities' contract, declared by its consumer. Every start is idempotent, every watch re-entrant. */
import type { FailureFact } from '../domain/failures.js';
import type { EpisodeId, MachineId, RecipeId, SeasonId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import type { Delivery, FleetName } from '../domain/season.js';
import type { LeaseRequest } from './messages.js';

export interface EpisodeRef {
  readonly season: SeasonId;
  readonly episode: EpisodeId;
  readonly planHash: string;
}

export type RecipeRef = EpisodeRef & { readonly recipe: RecipeId };

export interface MachineTask {
  readonly season: SeasonId;
  readonly episode: EpisodeId;
  readonly machine: MachineId;
  readonly fleet: FleetName;
}

export type Prepared =
  | { readonly state: 'ready'; readonly recipe: RecipeId }
  /** The same recipe was delivered before, and the result is still there. */
  | { readonly state: 'delivered'; readonly delivery: Delivery };

/** Why `collect` came back: everything is home · the manifest is there · work lies open and nobody is at it. */
export type Collected = 'home' | 'restored' | 'unattended';

export interface SurveyEntry {
  readonly episode: EpisodeId;
  /** Units that a machine could take now, and units that are finished. */
  readonly open: number;
  readonly finished: number;
}

export interface MachineEnded {
  readonly state: 'ended' | 'lost';
  readonly failure?: FailureFact;
}

export interface Notice {
  /** Sent once for each id, across crashes. */
  readonly id: string;
  readonly season: SeasonId;
  readonly kind: 'finished' | 'attention' | 'approval' | 'cancelled';
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly seconds: number;
}

export interface Activities {
  /**
   * Copies a disc's title into a file, brings the source into the store and creates the job; `forgive` voids the failures of earlier attempts,
   * `accept` is remembered for as long as the recipe is the same.
   */
  prepareEpisode(
    task: EpisodeRef & { readonly forgive: boolean; readonly accept?: readonly RefusableKind[] },
  ): Promise<Prepared>;
  /** Watches the store and brings finished segments home while others render. @throws the failure that blocks the episode */
  collect(task: RecipeRef & { readonly restored: boolean; readonly unattendedMs: number }): Promise<Collected>;
  /**
   * Joins, muxes, verifies and delivers; a second attempt finds what the first has done.
   * @returns `incomplete` when something that was home or in the store has been damaged since: it is void now, and has to be made again
   */
  assemble(task: RecipeRef): Promise<Delivery | 'incomplete'>;
  /** Removes an episode's objects and files in the making. */
  cleanEpisode(task: EpisodeRef): Promise<void>;
  surveyWork(task: {
    readonly season: SeasonId;
    readonly episodes: readonly { readonly episode: EpisodeId; readonly recipe: RecipeId }[];
  }): Promise<SurveyEntry[]>;
  /** The number of an episode's next launch: one more than any that the store or the fleet knows. */
  nextLaunch(task: {
    readonly season: SeasonId;
    readonly episode: EpisodeId;
    readonly fleet: FleetName;
  }): Promise<number>;
  launchMachine(task: MachineTask): Promise<void>;
  configureMachine(task: MachineTask): Promise<void>;
  startAgent(task: MachineTask): Promise<void>;
  watchMachine(task: MachineTask): Promise<MachineEnded>;
  drainMachine(task: MachineTask): Promise<void>;
  /** Returns when the machine is confirmed gone. */
  releaseMachine(task: MachineTask): Promise<void>;
  requestLease(request: LeaseRequest): Promise<void>;
  returnLease(workflowId: string): Promise<void>;
  /** Which of these leases nobody needs any more: the workflow is closed and the machine is gone. */
  auditLeases(leases: readonly LeaseRequest[]): Promise<string[]>;
  /** Makes the season's store, and puts the plan into it. */
  openSeason(task: { readonly season: SeasonId; readonly planHash: string }): Promise<void>;
  /** Releases every machine that the fleet still has of a season, and removes the store unless it is to be kept. */
  closeSeason(task: {
    readonly season: SeasonId;
    readonly fleet: FleetName;
    readonly keepStore: boolean;
  }): Promise<void>;
  /** @returns why some or all could not be told; who is not there is no reason to fail a season */
  notify(notice: Notice): Promise<readonly FailureFact[]>;
}
