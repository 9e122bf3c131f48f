/** How often an agent talks to its store: a folder costs nothing, a request to a cloud costs money and a round trip. */
import type { StorePlace } from '../domain/agent.js';
import { lasting } from '../domain/durations.js';

export interface Pace {
  /** Milliseconds between two reports of what is in hand. */
  readonly beat: number;
  /** Milliseconds between two chunks of the log. */
  readonly logs: number;
}

export function paceOf(store: StorePlace, timeScale: number): Pace {
  const far = store.kind === 's3';
  return {
    beat: lasting(far ? 'beatFar' : 'beat', timeScale),
    logs: lasting(far ? 'logsFar' : 'logs', timeScale),
  };
}
