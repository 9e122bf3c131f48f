/**
 * The likeliest way of every frame through the cadences: each frame speaks for or against each state, and every change of state that is not
 * the next step of the 3:2 cycle has its price, less at a scene change (Viterbi). So still scenes keep the cadence of what is around them,
 * and an edit inside the cycle is found where it is.
 */
import { CYCLE, REPEAT, SPLIT } from '../domain/cadence.js';
import type { Evidence, FieldEvidence } from './field-evidence.js';

/** 0 to 4: places in the 3:2 cycle. */
export const FRAMES = CYCLE;
export const VIDEO = CYCLE + 1;
const STATES = CYCLE + 2;

/** What a change of state costs, in frames that speak against it as a whole. */
const CHANGE = 3;
const CHANGE_AT_CUT = 1;
/**
 * Fields of video lie as far from their neighbours on both sides, so whole frames speak against it: those that one side combs and the other
 * does not. Beside that it explains every picture, which must not come free.
 */
const ONE_SIDED = 0.35;
const AS_VIDEO = 0.02;

/** How much a frame speaks against a state, 0 to 2. */
export function costOf(state: number, { weight, coded, matched, firstMoved, secondMoved }: FieldEvidence): number {
  switch (state) {
    case VIDEO:
      return ONE_SIDED * Math.abs(matched - coded) + AS_VIDEO * weight;
    case REPEAT:
      return matched + firstMoved;
    case SPLIT:
      return matched;
    case CYCLE - 1:
      return coded + secondMoved;
    default:
      return coded;
  }
}

/** More than all frames of a source can speak against a state. */
const NEVER = 1e9;

/** Where the frames leave it open film begins and ends with a whole cycle. */
const UNEVEN = 1e-3;
const beginsWhole = (state: number): boolean => state === 0 || state >= FRAMES;
const endsWhole = (state: number): boolean => state >= CYCLE - 1;

export interface Path {
  /** State of every frame. */
  readonly states: Uint8Array;
  /** Sum of the frames' own costs on this path. */
  readonly cost: number;
}

/** @param mayBe whether a frame may be in a state at all: the source's rate says so, and the user */
export function likeliestPath(
  { frames, isCut }: Pick<Evidence, 'frames' | 'isCut'>,
  mayBe: (frame: number, state: number) => boolean,
): Path {
  const from = new Uint8Array(frames.length * STATES);
  let costs = Array.from({ length: STATES }, (_, state): number => (state === FRAMES ? 0 : CHANGE_AT_CUT));
  frames.forEach((frame, index) => {
    const price = isCut(index) ? CHANGE_AT_CUT : CHANGE;
    const [best] = costs
      .map((cost, state) => ({ cost: cost + (endsWhole(state) ? 0 : UNEVEN), state }))
      .sort((a, b) => a.cost - b.cost);
    costs = costs.map((_, state) => {
      const steady = predecessorOf(state);
      const stay = costs[steady] ?? Infinity;
      const change = (best?.cost ?? 0) + price + (beginsWhole(state) ? 0 : UNEVEN);
      const isSteady = index === 0 || stay <= change;
      from[index * STATES + state] = isSteady ? steady : (best?.state ?? steady);
      const before = index === 0 ? (costs[state] ?? 0) : Math.min(stay, change);
      return mayBe(index, state) ? before + costOf(state, frame) : before + NEVER;
    });
  });
  return backwards(frames, costs, from);
}

/** The state that leads to a state without a change. */
const predecessorOf = (state: number): number => (state < CYCLE ? (state + CYCLE - 1) % CYCLE : state);

function backwards(frames: readonly FieldEvidence[], costs: readonly number[], from: Uint8Array): Path {
  const states = new Uint8Array(frames.length);
  let state = costs.indexOf(Math.min(...costs));
  let cost = 0;
  for (let index = frames.length - 1; index >= 0; index--) {
    states[index] = state;
    const frame = frames[index];
    if (frame) cost += costOf(state, frame);
    state = from[index * STATES + state] ?? state;
  }
  return { states, cost };
}
