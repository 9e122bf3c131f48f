/** From what the fields say to the passages of a source. Pure. */
import {
  CYCLE,
  isRepeat,
  phaseAt,
  SPLIT,
  type CadenceWord,
  type Passage,
  type PassageKind,
} from '../domain/cadence.js';
import { secondsOf } from '../domain/media.js';
import type { FieldReport } from './cadence-pass.js';
import { costOf, FRAMES, likeliestPath, VIDEO } from './cadence-path.js';
import { evidenceOf, type Evidence, type FieldOrder } from './field-evidence.js';
import { BLOCKS, COLUMNS, ROWS } from './field-metrics.js';

export interface CadenceMap {
  readonly order: FieldOrder;
  /** Without gaps, from the first coded frame to the last. */
  readonly passages: readonly Passage[];
  /** Share of what the frames say that the passages explain, 0 to 1; 1 where they say nothing. */
  readonly confidence: number;
}

/** @param words what the user says; the later of two about the same frame counts */
export function cadenceMap(report: FieldReport, mayBeFilm: boolean, words: readonly CadenceWord[] = []): CadenceMap {
  const evidence = evidenceOf(report);
  const said = wordsByFrame(report, words);
  const path = likeliestPath(evidence, (frame, state) => {
    const kind = said[frame];
    // Whoever says `mixed` wants what video gets.
    if (kind !== undefined) return kindOf(state) === (kind === 'mixed' ? 'video' : kind);
    return mayBeFilm || state >= FRAMES;
  });
  const weight = evidence.frames.reduce((sum, frame) => sum + frame.weight, 0);
  return {
    order: evidence.order,
    passages: passagesOf(path.states)
      .flatMap((passage) => (said[passage.first] === undefined ? withOverlays(passage, evidence) : [passage]))
      .flatMap((passage) => (mayBeFilm ? byPace(passage, report.times) : [passage]))
      .map((passage) => withTorn(passage, evidence)),
    confidence: weight === 0 ? 1 : Math.max(0, 1 - path.cost / weight),
  };
}

/** What was said about each frame. */
function wordsByFrame({ times, frames }: FieldReport, words: readonly CadenceWord[]): (PassageKind | undefined)[] {
  const start = times[0] ?? 0;
  return Array.from({ length: frames }, (_, frame) => {
    const at = secondsOf((times[frame] ?? start) - start);
    return words.findLast(({ from, to }) => from <= at && at < to)?.kind;
  });
}

const kindOf = (state: number): PassageKind => (state === VIDEO ? 'video' : state === FRAMES ? 'frames' : 'film');

/** Frames that go on as the one before them, together. */
export function passagesOf(states: Uint8Array): Passage[] {
  const passages: { -readonly [K in keyof Passage]: Passage[K] }[] = [];
  states.forEach((state, first) => {
    const last = passages.at(-1);
    const goesOn = last?.kind === kindOf(state) && (last.kind !== 'film' || phaseAt(last, first) === state);
    if (last && goesOn) last.frames += 1;
    else passages.push({ kind: kindOf(state), first, frames: 1, ...(state < CYCLE ? { phase: state } : {}) });
  });
  return passages;
}

/** How a kept frame of film is put together. */
const matchOf = (passage: Passage, frame: number): 'coded' | 'matched' =>
  phaseAt(passage, frame) === SPLIT ? 'matched' : 'coded';

/** So many coded frames are looked at together, and more than this share of the kept ones has to be combed in one row of blocks. */
const STRETCH = 20;
const OFTEN = 0.5;

/** Film with something over it that moves by fields stays combed in the same rows of the picture, however it is matched. */
function withOverlays(passage: Passage, evidence: Evidence): Passage[] {
  if (passage.kind === 'video') return [hidesFilm(passage, evidence) ? { ...passage, kind: 'mixed' } : passage];
  if (passage.kind !== 'film' || passage.frames < STRETCH) return [passage];
  const parts: Passage[] = [];
  for (let first = passage.first; first < passage.first + passage.frames; first += STRETCH) {
    const left = passage.first + passage.frames - first;
    const frames = left < 2 * STRETCH ? left : STRETCH;
    const kind = hasOverlay(passage, first, frames, evidence) ? 'mixed' : 'film';
    const last = parts.at(-1);
    if (last?.kind === kind) parts[parts.length - 1] = { ...last, frames: last.frames + frames };
    else parts.push({ kind, first, frames, ...(kind === 'film' ? { phase: phaseAt(passage, first) } : {}) });
    if (frames === left) break;
  }
  return parts;
}

/** A block agrees with film when it speaks against it this little, and is heard when it has said something so often. */
const AGREES = 0.25;
const HEARD = 5;

/** Whether most blocks of what looks like video agree with one place in the 3:2 cycle: film under a credit roll does, video never. */
function hidesFilm({ first, frames }: Passage, evidence: Evidence): boolean {
  const agreeing = Array.from({ length: CYCLE }, () => 0);
  let heard = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const costs = Array.from({ length: CYCLE }, () => 0);
    let weight = 0;
    for (let i = 0; i < frames; i++) {
      const said = evidence.block(first + i, block);
      if (!said) continue;
      weight += 1;
      costs.forEach((cost, phase) => (costs[phase] = cost + costOf((i + phase) % CYCLE, said)));
    }
    if (weight < HEARD) continue;
    heard += 1;
    costs.forEach((cost, phase) => (agreeing[phase] = (agreeing[phase] ?? 0) + (cost < AGREES * weight ? 1 : 0)));
  }
  return Math.max(...agreeing) > heard / 2;
}

function hasOverlay(passage: Passage, first: number, frames: number, evidence: Evidence): boolean {
  const kept = Array.from({ length: frames }, (_, i) => first + i).filter((frame) => !isRepeat(passage, frame));
  for (let row = 0; row < ROWS; row++) {
    const combed = kept.filter((frame) => isRowCombed(evidence, frame, row, matchOf(passage, frame)));
    if (combed.length > OFTEN * kept.length) return true;
  }
  return false;
}

/** More than fine detail, in two blocks at least: one alone may be anything. */
const RATHER = 0.4;

function isRowCombed(evidence: Evidence, frame: number, row: number, how: 'coded' | 'matched'): boolean {
  let combed = 0;
  for (let column = 0; column < COLUMNS; column++) {
    if ((evidence.block(frame, row * COLUMNS + column)?.[how] ?? 0) >= RATHER) combed += 1;
  }
  return combed >= 2;
}

/** Frames over which a pace is measured, and ticks of a frame from which on it is film's: between 4004 and 5005. */
const PACE_FRAMES = 12;
const FILM_PACE = 4504;

/** Whole frames at film's pace and at video's, apart, where the container says video's: the player's flags come and go. */
function byPace(passage: Passage, times: readonly number[]): Passage[] {
  if (passage.kind !== 'frames') return [passage];
  const end = passage.first + passage.frames;
  const isSoft = (frame: number): boolean => {
    const from = Math.max(passage.first, Math.min(frame - PACE_FRAMES / 2, end - 1 - PACE_FRAMES));
    const to = Math.min(from + PACE_FRAMES, end - 1);
    return to > from && ((times[to] ?? 0) - (times[from] ?? 0)) / (to - from) >= FILM_PACE;
  };
  const parts: { -readonly [K in keyof Passage]: Passage[K] }[] = [];
  for (let first = passage.first; first < end; first++) {
    const last = parts.at(-1);
    const soft = isSoft(first);
    if (last && (last.soft === true) === soft) last.frames += 1;
    else parts.push({ kind: 'frames', first, frames: 1, ...(soft ? { soft } : {}) });
  }
  return parts;
}

/** As much of the picture combed in a frame that should be whole, and not much more with other fields: an edit inside the cycle. */
const TORN = 0.4;

/** The first frame of a passage has no field before it that belongs to it. */
function withTorn(passage: Passage, { frames }: Evidence): Passage {
  if (passage.kind !== 'film') return passage;
  const indices = Array.from({ length: passage.frames }, (_, i) => passage.first + i);
  const torn = indices.filter((frame) => {
    if (isRepeat(passage, frame)) return false;
    const isSplit = phaseAt(passage, frame) === SPLIT;
    if (isSplit && frame === passage.first) return true;
    const { coded = 0, matched = 0 } = frames[frame] ?? {};
    const [chosen, other] = isSplit ? [matched, coded] : [coded, matched];
    return chosen > TORN && chosen > other / 2;
  });
  return torn.length === 0 ? passage : { ...passage, torn };
}
