/** A program that lives but finishes no frame for too long is stalled, whatever it says. */
import { Failure } from '../domain/failures.js';

export interface StallGuard {
  /** Frames done so far: only a change is life. */
  frames(count: number): void;
  /** Work that is not counted in frames goes on. */
  alive(): void;
  end(): void;
}

export function stallGuard(limitMs: number, onStall: (failure: Failure) => void): StallGuard {
  let last = -1;
  const timer = setTimeout(() => {
    const minutes = (limitMs / 60_000).toFixed(1);
    onStall(
      new Failure('stalled', `No frame was finished for ${minutes} minutes`, {
        evidence: `${Math.max(last, 0)} frames done`,
      }),
    );
  }, limitMs);
  return {
    frames(count) {
      if (count === last) return;
      last = count;
      timer.refresh();
    },
    alive: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
}
