/** Who gets the next lease and who gives way: pure decisions over plain data. */
import type { SeasonId } from '../domain/ids.js';
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

const heldBy = (state: CapacityState, season: SeasonId, pool: string): number =>
  state.leases.filter((lease) => lease.season === season && lease.pool.name === pool).length;

/** The newest word on a pool's size counts: its limit may be changed by configuration while seasons run. */
const limitOf = (state: CapacityState, pool: string): number =>
  [...state.leases, ...state.queue].findLast((entry) => entry.pool.name === pool)?.pool.limit ?? 0;

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

/** The request to grant now: of those whose pool has room, the season that holds least goes first, then the oldest. */
export function nextGrant(state: CapacityState): LeaseRequest | undefined {
  const room = state.queue.filter(({ pool }) => {
    const used = state.leases.filter((lease) => lease.pool.name === pool.name).length;
    return used < limitOf(state, pool.name);
  });
  const share = ({ season, pool }: LeaseRequest): number => heldBy(state, season, pool.name);
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
 * The lease that must give way: its season holds more than a waiting one of the same pool would after the exchange,
 * it has had its quantum, and nobody of that pool is giving way already.
 */
export function nextToYield(state: CapacityState, nowMs: number, quantumMs: number): Lease | undefined {
  const due = waitingAgainst(state).filter((lease) => nowMs - lease.since >= quantumMs);
  return due.sort((a, b) => a.since - b.since)[0];
}

/** Milliseconds until the next lease has had its quantum while others wait; `undefined` when nobody waits. */
export function untilYield(state: CapacityState, nowMs: number, quantumMs: number): number | undefined {
  const times = waitingAgainst(state).map((lease) => Math.max(0, lease.since + quantumMs - nowMs));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Leases that stand in the way of a season that has less. */
function waitingAgainst(state: CapacityState): Lease[] {
  return state.leases.filter((lease) => {
    const pool = lease.pool.name;
    if (state.leases.some((other) => other.pool.name === pool && other.yielding)) return false;
    const holds = heldBy(state, lease.season, pool);
    return state.queue.some(
      (request) =>
        request.pool.name === pool && request.season !== lease.season && heldBy(state, request.season, pool) < holds,
    );
  });
}

export const withYield = (state: CapacityState, workflowId: string): CapacityState => ({
  ...state,
  leases: state.leases.map((lease) => (lease.workflowId === workflowId ? { ...lease, yielding: true } : lease)),
});
