/** Who gets the next lease and who gives way: pure decisions over plain data. */
import type { SeasonId } from '../domain/ids.js';
import type { Pool } from '../domain/season.js';
import type { LeaseRequest } from './messages.js';

export interface Lease extends LeaseRequest {
  /** Milliseconds since the epoch when it was granted. */
  readonly since: number;
  /** It has been asked to give way. */
  readonly yielding: boolean;
}

/** All that survives continue-as-new. */
export interface CapacityState {
  readonly leases: readonly Lease[];
  /** Oldest first. */
  readonly queue: readonly LeaseRequest[];
}

const poolIn = ({ pools }: LeaseRequest, name: string): Pool | undefined => pools.find((pool) => pool.name === name);

const sharesPool = (a: LeaseRequest, b: LeaseRequest): boolean => a.pools.some(({ name }) => poolIn(b, name));

/** Leases that a season holds of what a request asks for. */
const heldBy = (state: CapacityState, season: SeasonId, request: LeaseRequest): number =>
  state.leases.filter((lease) => lease.season === season && sharesPool(lease, request)).length;

/** The newest word on a pool's size counts: its limit may be changed by configuration while seasons run. */
const limitOf = (state: CapacityState, name: string): number =>
  [...state.leases, ...state.queue].flatMap((entry) => poolIn(entry, name) ?? []).at(-1)?.limit ?? 0;

const usedOf = (state: CapacityState, name: string): number =>
  state.leases.reduce((sum, lease) => sum + (poolIn(lease, name)?.units ?? 0), 0);

/** Pools of a request that have no room for it now. */
const lacking = (state: CapacityState, { pools }: LeaseRequest): Pool[] =>
  pools.filter(({ name, units }) => usedOf(state, name) + units > limitOf(state, name));

/** A request again, in any state, changes nothing. */
export function withRequest(state: CapacityState, request: LeaseRequest): CapacityState {
  const known = [...state.leases, ...state.queue].some((entry) => entry.workflowId === request.workflowId);
  return known ? state : { ...state, queue: [...state.queue, request] };
}

/** A lease or a request that is over. */
export const without = (state: CapacityState, workflowId: string): CapacityState => ({
  leases: state.leases.filter((lease) => lease.workflowId !== workflowId),
  queue: state.queue.filter((request) => request.workflowId !== workflowId),
});

/** The request to grant now: of those for which every pool has room, the season that holds least goes first, then the oldest. */
export function nextGrant(state: CapacityState): LeaseRequest | undefined {
  const room = state.queue.filter((request) => lacking(state, request).length === 0);
  const share = (request: LeaseRequest): number => heldBy(state, request.season, request);
  return room.reduce<LeaseRequest | undefined>(
    (best, request) => (best === undefined || share(request) < share(best) ? request : best),
    undefined,
  );
}

export const withGrant = (state: CapacityState, request: LeaseRequest, nowMs: number): CapacityState => ({
  leases: [...state.leases, { ...request, since: nowMs, yielding: false }],
  queue: state.queue.filter((other) => other.workflowId !== request.workflowId),
});

/**
 * The lease that must give way: its season holds more than a waiting one would after the exchange, it holds what that one lacks,
 * it has had its quantum, and nobody who holds the same is giving way already.
 */
export function nextToYield(state: CapacityState, nowMs: number, quantumMs: number): Lease | undefined {
  const due = waitedFor(state).filter((lease) => nowMs - lease.since >= quantumMs);
  return due.sort((a, b) => a.since - b.since)[0];
}

/** Milliseconds until the next lease has had its quantum while others wait; `undefined` when nobody waits. */
export function untilYield(state: CapacityState, nowMs: number, quantumMs: number): number | undefined {
  const times = waitedFor(state).map((lease) => Math.max(0, lease.since + quantumMs - nowMs));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Leases that stand in the way of a season that has less. */
function waitedFor(state: CapacityState): Lease[] {
  return state.leases.filter((lease) => {
    if (state.leases.some((other) => other.yielding && sharesPool(other, lease))) return false;
    return state.queue.some(
      (request) =>
        request.season !== lease.season &&
        lacking(state, request).some(({ name }) => poolIn(lease, name)) &&
        heldBy(state, request.season, request) < heldBy(state, lease.season, request),
    );
  });
}

export const withYield = (state: CapacityState, workflowId: string): CapacityState => ({
  ...state,
  leases: state.leases.map((lease) => (lease.workflowId === workflowId ? { ...lease, yielding: true } : lease)),
});
