/** What activities need of the world. The worker's composition root fills it in; nothing here knows an adapter. */
import type { Receipt } from '../domain/job.js';
import type { FailureFact } from '../domain/failures.js';
import type { EpisodePlan, FleetName } from '../domain/season.js';
import type { SeasonId } from '../domain/ids.js';
import type { Tools } from '../domain/tools.js';
import type { Fleet } from '../fleet/port.js';
import type { SeasonRegistry } from '../seasons/registry.js';
import type { LifeObserver } from '../store/life.js';
import type { ObjectStore } from '../store/port.js';
import type { LeaseRequest } from '../workflows/messages.js';

export interface SeasonPlaces {
  /** Folder of everything that the season needs while it runs. */
  readonly root: string;
  readonly store: string;
  readonly machines: string;
  readonly home: (episode: string) => string;
  /** Local agents that share this computer. */
  readonly agents: number;
}

/** The capacity workflow, as seen from outside. */
export interface CapacityDesk {
  request(request: LeaseRequest): Promise<void>;
  giveBack(workflowId: string): Promise<void>;
  /** Whether a machine's workflow is still open. */
  isOpen(workflowId: string): Promise<boolean>;
}

/** A message to the people of a season: sent once for each id. */
export interface Message {
  readonly id: string;
  readonly season: SeasonId;
  readonly title: string;
  readonly body: string;
}

export interface Ports {
  readonly registry: SeasonRegistry;
  readonly tools: Tools;
  readonly places: (season: SeasonId) => Promise<SeasonPlaces>;
  readonly store: (season: SeasonId) => Promise<ObjectStore>;
  /** Makes the place of a season's store where it is not there yet; and removes it with all that is in it. */
  readonly makeStore: (season: SeasonId) => Promise<void>;
  readonly removeStore: (season: SeasonId) => Promise<void>;
  /** Whether the season's store and machines are in a cloud, where every look costs time and money. */
  readonly isFar: (season: SeasonId) => Promise<boolean>;
  /** What is kept of a season's store when that goes: the machines' logs. */
  readonly kept: (season: SeasonId) => ObjectStore;
  /** One observer a season for the life of the worker: life shows only to those who look more than once. */
  readonly life: (season: SeasonId) => Promise<LifeObserver>;
  readonly fleet: (name: FleetName) => Fleet;
  readonly capacity: CapacityDesk;
  /** @returns why some or all could not be told */
  readonly send: (message: Message) => Promise<readonly FailureFact[]>;
  /** Takes what finished segments really took into the estimates of the next seasons. */
  readonly learn: (episode: EpisodePlan, receipts: readonly Receipt[]) => Promise<void>;
  readonly timeScale: number;
}
