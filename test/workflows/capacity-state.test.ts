import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextGrant,
  nextToYield,
  untilYield,
  withGrant,
  without,
  withRequest,
  withYield,
  type CapacityState,
} from '../../src/workflows/capacity-state.js';
import type { LeaseRequest } from '../../src/workflows/messages.js';

const empty: CapacityState = { leases: [], queue: [] };

const request = (season: string, n: number, limit = 2): LeaseRequest => ({
  season,
  machine: `e${n}-l1`,
  episode: `e${n}`,
  fleet: 'local',
  workflowId: `taaf/${season}/e${n}-l1`,
  pool: { name: 'local', limit },
});

/** Grants all that can be granted. */
function grantAll(state: CapacityState, now = 0): CapacityState {
  let next = state;
  for (let grant = nextGrant(next); grant; grant = nextGrant(next)) next = withGrant(next, grant, now);
  return next;
}

describe('leases', () => {
  it('go to whoever asked first, up to the pool', () => {
    const state = grantAll([1, 2, 3].reduce((s, n) => withRequest(s, request('a', n)), empty));
    expect(state.leases.map((lease) => lease.episode)).toEqual(['e1', 'e2']);
    expect(state.queue.map((waiting) => waiting.episode)).toEqual(['e3']);
  });

  it('go to the season that holds least, though another asked first', () => {
    let state = grantAll([1, 2, 3].reduce((s, n) => withRequest(s, request('a', n)), empty));
    state = withRequest(state, request('b', 1));
    state = grantAll(without(state, 'taaf/a/e1-l1'));
    expect(state.leases.map((lease) => lease.season)).toEqual(['a', 'b']);
  });

  it('are given once, however often the request comes', () => {
    const once = grantAll(withRequest(empty, request('a', 1)));
    expect(withRequest(once, request('a', 1))).toBe(once);
  });

  it('give way after their quantum when a season waits that has less, one at a time', () => {
    let state = grantAll(
      [1, 2].reduce((s, n) => withRequest(s, request('a', n)), empty),
      1_000,
    );
    expect(untilYield(state, 2_000, 600)).toBeUndefined();
    state = withRequest(state, request('b', 1));
    expect(nextToYield(state, 1_500, 600)).toBeUndefined();
    expect(untilYield(state, 1_500, 600)).toBe(100);
    const first = nextToYield(state, 1_600, 600);
    expect(first?.season).toBe('a');
    state = withYield(state, first?.workflowId ?? '');
    expect(nextToYield(state, 9_000, 600)).toBeUndefined();
  });

  it('do not give way to their own season', () => {
    const state = withRequest(grantAll(withRequest(empty, request('a', 1, 1))), request('a', 2, 1));
    expect(nextToYield(state, 10_000, 1)).toBeUndefined();
  });

  it('never exceed the pool, never forget a request, and end fair, whatever happens', () => {
    const step = fc.record({ season: fc.constantFrom('a', 'b', 'c'), n: fc.nat(5), back: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, limit) => {
        let state = empty;
        const open = new Set<string>();
        for (const { season, n, back } of steps) {
          const asked = request(season, n, limit);
          if (back) open.delete(asked.workflowId);
          else open.add(asked.workflowId);
          state = grantAll(back ? without(state, asked.workflowId) : withRequest(state, asked));
          const known = [...state.leases, ...state.queue].map((entry) => entry.workflowId);
          expect(new Set(known)).toEqual(open);
          expect(known).toHaveLength(open.size);
          expect(state.leases.length).toBeLessThanOrEqual(limit);
          expect(state.leases.length).toBe(Math.min(limit, open.size));
        }
      }),
    );
  });
});
