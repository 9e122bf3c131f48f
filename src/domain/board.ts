/**
 * The board of one recipe: who does what, as a pure function of the records in the store.
 * A claim says "I begin"; only its machine's progress says "I am at it"; a receipt or manifest says "done".
 */
import { failureKinds, type FailureFact } from './failures.js';
import { segmentUnit, type MachineId, type StoreKey, type Unit } from './ids.js';
import type { Manifest, Receipt, UnitFailure } from './job.js';
import type { RefusableKind } from './proof.js';

/** A record that counts, with its key and edition: the lowest number that nobody has voided. */
export interface Counting<T> {
  readonly key: StoreKey;
  readonly edition: number;
  readonly record: T;
}

export interface BoardRecords {
  /** Highest epoch claimed of every unit, and by whom. */
  readonly claims: ReadonlyMap<Unit, { readonly epoch: number; readonly machine: MachineId }>;
  /** Failures that nobody has forgiven (voided). */
  readonly failures: ReadonlyMap<Unit, readonly UnitFailure[]>;
  readonly manifest: Counting<Manifest> | undefined;
  readonly receipts: ReadonlyMap<Unit, Counting<Receipt>>;
  /** What a human accepts of its pictures. */
  readonly accepted: ReadonlySet<RefusableKind>;
}

/** Whether a machine is alive and lists the unit with this epoch as in hand. */
export type Holds = (machine: MachineId, unit: Unit, epoch: number) => boolean;

export type UnitState =
  | { readonly state: 'done' }
  | { readonly state: 'held'; readonly machine: MachineId }
  | { readonly state: 'blocked'; readonly failure: FailureFact }
  | { readonly state: 'open'; readonly epoch: number };

/** Attempts of a unit whose failures are of a kind that another attempt may mend. */
const FEW = 3;

export interface Board {
  readonly records: BoardRecords;
  readonly units: ReadonlyMap<Unit, UnitState>;
  /** The first failure that needs a human: the whole episode waits with it. */
  readonly blocked: FailureFact | undefined;
  /** Everything is rendered. */
  readonly rendered: boolean;
}

/** What can be done, is being done and is done of a recipe. */
export function boardOf(records: BoardRecords, holds: Holds): Board {
  const units = new Map<Unit, UnitState>();
  const { manifest } = records;
  units.set('restore', manifest ? { state: 'done' } : unitState('restore', records, holds));
  manifest?.record.segments.forEach((segment, index) => {
    const unit = segmentUnit(index);
    const receipt = records.receipts.get(unit);
    const done = receipt?.record.restoredSha256 === segment.sha256;
    units.set(unit, done ? { state: 'done' } : unitState(unit, records, holds));
  });
  const states = [...units.values()];
  return {
    records,
    units,
    blocked: states.find((unit) => unit.state === 'blocked')?.failure,
    rendered: manifest !== undefined && states.every((unit) => unit.state === 'done'),
  };
}

function unitState(unit: Unit, records: BoardRecords, holds: Holds): UnitState {
  const failures = records.failures.get(unit) ?? [];
  const fatal = failures.find((failure) => failureKinds[failure.kind].retry === 'human');
  const last = failures.length >= FEW ? failures.at(-1) : undefined;
  const failure = fatal ?? last;
  if (failure) {
    const { kind, what, evidence, next } = failure;
    const more = { ...(evidence === undefined ? {} : { evidence }), ...(next === undefined ? {} : { next }) };
    return { state: 'blocked', failure: { kind, what, ...more } };
  }
  const claim = records.claims.get(unit);
  if (!claim) return { state: 'open', epoch: 0 };
  if (holds(claim.machine, unit, claim.epoch)) return { state: 'held', machine: claim.machine };
  return { state: 'open', epoch: claim.epoch + 1 };
}

/** The unit that a machine should take next: the first open one of an episode that nothing blocks. */
export function nextOpen(board: Board): { readonly unit: Unit; readonly epoch: number } | undefined {
  if (board.blocked) return undefined;
  for (const [unit, state] of board.units) if (state.state === 'open') return { unit, epoch: state.epoch };
  return undefined;
}

/** Open units of a board, 0 when a failure blocks it. */
export const openUnits = (board: Board): number =>
  board.blocked ? 0 : [...board.units.values()].filter((unit) => unit.state === 'open').length;
