/** What an agent is told at its start: one JSON file on its machine. */
import type { EpisodeId, MachineId, SeasonId } from './ids.js';
import type { MediaTools } from './tools.js';
import type { TopazPlace } from './topaz.js';

/** Where a season's store is. Credentials are never part of it: a machine has its role, a laptop its sign-in. */
export type StorePlace =
  | { readonly kind: 'directory'; readonly folder: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly region: string;
      /** Named profile of the AWS configuration on this computer; absent: the SDK's default chain. */
      readonly profile?: string;
      /** Address of another S3-compatible service; absent: AWS, or what AWS_ENDPOINT_URL says. */
      readonly endpoint?: string;
      /** The bucket stands in the path, not in the host's name. */
      readonly pathStyle?: boolean;
    };

/** A machine that was leased for this work and ends itself; without it the agent's computer is somebody's own and is left alone. */
export interface MachineLease {
  /** By then the machine is off, whatever happens: milliseconds since the epoch. Its agent may only come before it. */
  readonly endsAt: number;
}

export interface AgentSettings {
  readonly season: SeasonId;
  readonly machine: MachineId;
  /** The episode to take first. */
  readonly episode: EpisodeId;
  readonly store: StorePlace;
  /** Folder of its own for files in the making; on the store's disk they are moved instead of copied. */
  readonly scratch: string;
  readonly tools: MediaTools;
  /** Folders with ONNX models, and the folder that holds the ONNX runtime where it is not installed beside the agent. */
  readonly models: readonly string[];
  readonly onnxRuntime?: string;
  /** Where Topaz is, when it is not where its installers put it. */
  readonly topaz?: TopazPlace;
  /** CPU threads for one unit; 0: all that the machine has. */
  readonly threads: number;
  readonly timeScale: number;
  readonly lease?: MachineLease;
}
