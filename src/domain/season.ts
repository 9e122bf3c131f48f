/** The season's plan: pure data that `taaf plan` prints, the store keeps, and workflows name by its hash. */
import type { Origin } from './disc.js';
import type { EpisodeId, RecipeId, SeasonId } from './ids.js';
import type { CadenceVerdict, SourceInfo } from './media.js';
import type { Profile } from './profile.js';
import type { EpisodeProof } from './proof.js';

export type FleetName = 'local' | 'aws';

export interface EpisodePlan {
  readonly id: EpisodeId;
  /** Position in natural order, from 1. */
  readonly number: number;
  /** The source's path relative to the season's folder; of a title the disc's path and the title: `disc1 t03`. */
  readonly path: string;
  /** The source's name without its ending: what people call the episode. */
  readonly stem: string;
  /** Identity of the file as intake saw it; a later difference is `bad-source`. With an origin `bytes` is what the copy will have, roughly. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Where it is copied from before anything else reads it; absent for a video file. */
  readonly origin?: Origin;
  readonly source: SourceInfo;
  readonly cadence: CadenceVerdict;
  /** The frozen profile's own, or this episode's (`taaf.yaml` may differ for single episodes). */
  readonly profile: Profile;
  readonly target: { readonly width: number; readonly height: number };
  /** Frames of the restored picture, estimated from duration and cadence; the manifest has the truth. */
  readonly estimatedFrames: number;
  /** Name of the result inside the output folder. */
  readonly output: string;
}

/** A file that is not an episode, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface SeasonPlan {
  readonly version: 1;
  readonly season: SeasonId;
  /** The folder's own name, for people. */
  readonly title: string;
  /** Absolute real paths on the submitting computer. */
  readonly folder: string;
  readonly out: string;
  readonly fleet: FleetName;
  /** Versions that the picture depends on: `{ ffmpeg: '9.0.2', model: 'sha256…' }`; part of every recipe. */
  readonly tools: Readonly<Record<string, string>>;
  readonly episodes: readonly EpisodePlan[];
  readonly skipped: readonly Skipped[];
  /** The store stays after the last delivery. */
  readonly keepStore: boolean;
}

/** Something that there is so much of, shared by all seasons of this install: this computer's agents, vCPUs of a quota, seats of a licence. */
export interface Pool {
  readonly name: string;
  /** How much there is, and how much of it one machine takes. */
  readonly limit: number;
  readonly units: number;
}

export type EpisodePhase =
  'queued' | 'uploading' | 'waiting' | 'rendering' | 'assembling' | 'done' | 'failed' | 'cancelled';

/** What a delivered episode is: written beside the season's record and returned by the episode's workflow. */
export interface Delivery {
  readonly episode: EpisodeId;
  readonly recipe: RecipeId;
  /** Absolute path of the result. */
  readonly output: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly frames: number;
  readonly durationSeconds: number;
  /** Milliseconds since the epoch. */
  readonly deliveredAt: number;
  /** What is proven of it; deliveries of 0.1.0 have none. */
  readonly proof?: EpisodeProof;
}
