/** Where machines come from: six verbs, two adapters (`local`, later `aws`). Every start is idempotent and short; every look is read-only. */
import type { EpisodeId, MachineId, SeasonId } from '../domain/ids.js';
import type { FailureFact } from '../domain/failures.js';
import type { FleetName } from '../domain/season.js';

export interface MachineRef {
  readonly season: SeasonId;
  readonly machine: MachineId;
  /** The episode that the machine takes first. */
  readonly episode: EpisodeId;
}

export interface Watch {
  readonly signal: AbortSignal;
  /** Called now and then with one line of what is going on. */
  readonly report: (line: string) => void;
}

/**
 * `absent`: nothing there, or confirmed gone. `launched`: there, no agent. `working`: the agent lives.
 * `ended`: the agent ended by itself, as it should. `lost`: the agent, or the machine under it, is gone without a word.
 */
export type MachineState = 'absent' | 'launched' | 'working' | 'ended' | 'lost';

export interface MachineStatus {
  readonly state: MachineState;
  /** Why it is `lost`, as far as can be told. */
  readonly failure?: FailureFact;
}

export interface Fleet {
  readonly name: FleetName;
  /** Makes the machine unless it is there already. */
  launch(ref: MachineRef, watch: Watch): Promise<void>;
  /** Machines of a season that exist, by what the fleet itself says, never by our own records. */
  find(season: SeasonId): Promise<MachineId[]>;
  /** Brings tools and agent onto the machine; changes nothing where they are. */
  configure(ref: MachineRef, watch: Watch): Promise<void>;
  /** Starts the agent unless it runs or has ended. */
  start(ref: MachineRef, watch: Watch): Promise<void>;
  status(ref: MachineRef): Promise<MachineStatus>;
  /** Ends the agent and the machine at once, and returns only when it is confirmed gone. */
  release(ref: MachineRef, watch: Watch): Promise<void>;
}
