/** What the agent and the home side write into the store: small JSON records, created once and never changed. */
import type { EpisodeId, MachineId, RecipeId, SeasonId, StoreKey, Unit } from './ids.js';
import type { FailureKind } from './failures.js';
import type { CadenceVerdict, SourceInfo } from './media.js';
import type { Profile } from './profile.js';
import type { FrameProof, PictureProof, RefusableKind } from './proof.js';
import type { TopazEstimate } from './topaz.js';

/** All an agent needs for one episode (`jobs/<recipe>.json`). */
export interface Job {
  readonly version: 1;
  readonly season: SeasonId;
  readonly episode: EpisodeId;
  readonly recipe: RecipeId;
  /** Position in the season: agents take lower ones first after their own episode. */
  readonly order: number;
  readonly source: { readonly key: StoreKey; readonly sha256: string; readonly bytes: number };
  readonly info: SourceInfo;
  readonly cadence: CadenceVerdict;
  readonly profile: Profile;
  readonly target: { readonly width: number; readonly height: number };
}

/** "I do this unit": created only; the random nonce tells a lost reply from a lost race. */
export interface Claim {
  readonly machine: MachineId;
  readonly nonce: string;
}

export interface ManifestSegment {
  /** Object with the restored picture of exactly these frames, FFV1 in Matroska, every frame a key frame. */
  readonly key: StoreKey;
  readonly sha256: string;
  readonly bytes: number;
  /** First frame's index in the episode, and how many. */
  readonly first: number;
  readonly frames: number;
}

/** The restored picture of an episode, complete: from here on a frame is an index. */
export interface Manifest {
  readonly version: 1;
  readonly machine: MachineId;
  readonly epoch: number;
  readonly frames: number;
  /** Size of the restored picture in pixels, and its pixel format. */
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  /**
   * Time of every frame in ticks of 1/120000 s relative to frame 0, run-length coded as steps:
   * `[[count, ticksPerFrame], …]`; the last step of an episode is the last frame's own duration.
   */
  readonly steps: readonly (readonly [count: number, ticks: number])[];
  /** Source time of frame 0 in ticks: the start offset that the mux restores. */
  readonly startTicks: number;
  /** Automatic parameters of the topaz engine; other engines have none, nor has a manifest of 0.1.0. */
  readonly topaz?: TopazEstimate;
  readonly segments: readonly ManifestSegment[];
  /** Absent where a command of the user's restored it, and in manifests of 0.1.0. */
  readonly proof?: FrameProof;
}

/** A finished segment: who made it, what it is, and the proof. */
export interface Receipt {
  readonly version: 1;
  readonly machine: MachineId;
  readonly epoch: number;
  readonly segment: number;
  readonly key: StoreKey;
  readonly sha256: string;
  readonly bytes: number;
  readonly frames: number;
  /** Wall-clock seconds that the unit took on the machine: calibration learns from it. */
  readonly seconds: number;
  /** SHA-256 of the encoder's parameter sets: segments that differ cannot be joined. */
  readonly parameterSets: string;
  /** SHA-256 of the restored segment that it was made from: it counts only for a manifest that names the same. */
  readonly restoredSha256: string;
  readonly engine: string;
  /** The rendered picture against the restored one; receipts of 0.1.0 have none. */
  readonly proof?: PictureProof;
}

/** A human has seen pictures that were refused for this, and wants them: from now on they are delivered, with an alarm. */
export interface Acceptance {
  readonly kind: RefusableKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An attempt at a unit that ended badly. */
export interface UnitFailure {
  readonly machine: MachineId;
  readonly epoch: number;
  readonly kind: FailureKind;
  readonly what: string;
  readonly evidence?: string;
  /** What to do, when it is more precise than the kind's own advice. */
  readonly next?: string;
  readonly at: number;
}

/** A machine's end: all that it had claimed and not finished is free. */
export interface MachineEnd {
  readonly machine: MachineId;
  /** `reclaimed`: the cloud takes the machine back, and has said so in time. */
  readonly reason: 'nothing-left' | 'drained' | 'stopped' | 'reclaimed' | 'gone';
}

/** A unit in hand, as its machine reports it. */
export interface UnitProgress {
  readonly recipe: RecipeId;
  readonly unit: Unit;
  readonly epoch: number;
  /** Frames done and frames in all; 0 in all where it is not known yet. */
  readonly frames: number;
  readonly total: number;
  /** Frames a second over the last report's interval. */
  readonly rate: number;
}

/** `machines/<machine>/progress.json`: the only object that is overwritten. */
export interface MachineProgress {
  readonly machine: MachineId;
  /** Counts up with every report: an observer sees life in the change, never in a clock. */
  readonly beat: number;
  /** A claim is held as long as its live machine lists the unit here; announced before the claim is created. */
  readonly units: readonly UnitProgress[];
}
