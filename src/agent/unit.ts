/** What a unit's doer is given. */
import type { AgentSettings } from '../domain/agent.js';
import type { ObjectStore } from '../store/port.js';
import type { Work } from './find-work.js';

export interface UnitContext {
  readonly store: ObjectStore;
  readonly settings: AgentSettings;
  readonly work: Work;
  /** An empty folder; whatever is left in it afterwards is thrown away. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Frames done, and in all (0 where it is not known). */
  readonly report: (frames: number, total: number) => void;
  /** Something was done that is no new frame: the unit is not stalled. */
  readonly alive: () => void;
}
