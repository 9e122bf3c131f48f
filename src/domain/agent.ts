/** What an agent is told at its start: one JSON file on its machine. */
import type { EpisodeId, MachineId, SeasonId } from './ids.js';
import type { MediaTools } from './tools.js';

export interface AgentSettings {
  readonly season: SeasonId;
  readonly machine: MachineId;
  /** The episode to take first. */
  readonly episode: EpisodeId;
  readonly store: { readonly kind: 'directory'; readonly folder: string };
  /** Folder of its own for files in the making; on the store's disk they are moved instead of copied. */
  readonly scratch: string;
  readonly tools: MediaTools;
  /** Folders with ONNX models, and the folder that holds the ONNX runtime where it is not installed beside the agent. */
  readonly models: readonly string[];
  readonly onnxRuntime?: string;
  /** CPU threads for one unit. */
  readonly threads: number;
  readonly timeScale: number;
}
