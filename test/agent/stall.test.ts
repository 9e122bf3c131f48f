import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stallGuard } from '../../src/agent/stall.js';
import type { Failure } from '../../src/domain/failures.js';

const LIMIT = 60_000;
let stalled: Failure[];
beforeEach(() => {
  vi.useFakeTimers();
  stalled = [];
});
afterEach(() => vi.useRealTimers());

const guard = () => stallGuard(LIMIT, (failure) => stalled.push(failure));

describe('the stall guard', () => {
  it('takes the same count again for no life', () => {
    const watching = guard();
    watching.frames(7);
    vi.advanceTimersByTime(LIMIT - 1);
    watching.frames(7);
    expect(stalled).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(stalled).toMatchObject([{ kind: 'stalled', evidence: '7 frames done' }]);
  });

  it('lets work go on that makes no frames, as long as it goes on', () => {
    const watching = guard();
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(LIMIT - 1);
      watching.alive();
    }
    expect(stalled).toEqual([]);
    vi.advanceTimersByTime(LIMIT);
    expect(stalled).toHaveLength(1);
  });
});
