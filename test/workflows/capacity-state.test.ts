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
import type { Pool } from '../../src/domain/season.js';
import type { LeaseRequest } from '../../src/workflows/messages.js';

const empty: CapacityState = { leases: [], queue: [] };

const request = (season: string, n: number, limit = 2): LeaseRequest => ({
  season,
  machine: `e${n}-l1`,
  episode: `e${n}`,
  fleet: 'local',
  workflowId: `taaf/${season}/e${n}-l1`,
  pools: [{ name: 'local', limit, units: 1 }],
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

  describe('of several pools', () => {
    const seat: Pool = { name: 'seats', limit: 1, units: 1 };
    const cores = (units: number): Pool => ({ name: 'vcpus', limit: 16, units });
    const asking = (season: string, n: number, ...pools: Pool[]): LeaseRequest => ({ ...request(season, n), pools });

    it('are granted when every pool has room, and one that lacks a seat keeps nobody waiting who needs none', () => {
      const asked = [asking('a', 1, cores(8), seat), asking('a', 2, cores(8), seat), asking('b', 1, cores(8))];
      const state = grantAll(asked.reduce(withRequest, empty));
      expect(state.leases.map(({ season, episode }) => `${season}/${episode}`)).toEqual(['a/e1', 'b/e1']);
    });

    it('count the units that each machine takes', () => {
      const asked = [
        asking('a', 1, cores(8)),
        asking('a', 2, cores(4)),
        asking('a', 3, cores(8)),
        asking('a', 4, cores(4)),
      ];
      const state = grantAll(asked.reduce(withRequest, empty));
      expect(state.leases.map(({ episode }) => episode)).toEqual(['e1', 'e2', 'e4']);
    });

    it('give way only where that frees what the other lacks', () => {
      const held = [asking('a', 1, cores(4)), asking('a', 2, cores(4), seat)];
      const state = withRequest(grantAll(held.reduce(withRequest, empty)), asking('b', 1, cores(4), seat));
      expect(nextToYield(state, 10_000, 1)?.episode).toBe('e2');
    });
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
