/** From a source's field metrics to what each frame says for and against every way in which it may lie in its fields. Pure. */
import type { FieldReport } from './cadence-pass.js';
import { BLOCKS, metric, METRICS, METRICS_OF_FRAME } from './field-metrics.js';

export type FieldOrder = 'tff' | 'bff';

/** What a block says, or a frame by all its blocks; all are 0 to 1. */
export interface FieldEvidence {
  /** How much it says at all. */
  readonly weight: number;
  /** How combed it is as it is coded, and with the earlier frame's second field. */
  readonly coded: number;
  readonly matched: number;
  /** Whether its first or second field has moved since the frame before. */
  readonly firstMoved: number;
  readonly secondMoved: number;
}

export interface Evidence {
  readonly order: FieldOrder;
  /** The telling blocks' mean for each frame, less where these are few. */
  readonly frames: readonly FieldEvidence[];
  /** Whether a frame starts a new scene. */
  isCut(frame: number): boolean;
  /** What a block says: one that moves and is combed in one way or another. Flat and still ones would agree to anything. */
  block(frame: number, block: number): FieldEvidence | undefined;
}

/** Share of combed pixels, in 255ths, that makes a block as combed as can be: edges are combed, flat parts never. */
const COMBED = 38;
/** Share that is more than fine detail. */
const RATHER_COMBED = 15;
/** So many telling blocks say all there is to say. */
const ENOUGH = 6;
/** Score of scdet from which a frame starts a new scene. */
const CUT = 10;

export function evidenceOf(report: FieldReport): Evidence {
  const gate = motionGate(report);
  const order = orderOf(report, gate);
  const block = (frame: number, at: number): FieldEvidence | undefined =>
    blockEvidence(report.metrics, frame * METRICS_OF_FRAME + at * METRICS, gate, order);
  return {
    order,
    block,
    frames: Array.from({ length: report.frames }, (_, frame) => frameEvidence((at) => block(frame, at))),
    isCut: (frame) => (report.scores[frame] ?? 0) >= CUT,
  };
}

function blockEvidence(metrics: Uint8Array, at: number, gate: number, order: FieldOrder): FieldEvidence | undefined {
  const isTopFirst = order === 'tff';
  const coded = metrics[at + metric.asCoded] ?? 0;
  const matched = metrics[at + (isTopFirst ? metric.withEarlierBottom : metric.withEarlierTop)] ?? 0;
  const first = (metrics[at + (isTopFirst ? metric.topMoved : metric.bottomMoved)] ?? 0) > gate;
  const second = (metrics[at + (isTopFirst ? metric.bottomMoved : metric.topMoved)] ?? 0) > gate;
  if (!(first || second) || Math.max(coded, matched) <= RATHER_COMBED) return undefined;
  return {
    ...{ weight: 1, coded: Math.min(1, coded / COMBED), matched: Math.min(1, matched / COMBED) },
    ...{ firstMoved: first ? 1 : 0, secondMoved: second ? 1 : 0 },
  };
}

function frameEvidence(blockAt: (block: number) => FieldEvidence | undefined): FieldEvidence {
  let [telling, coded, matched, firstMoved, secondMoved] = [0, 0, 0, 0, 0];
  for (let at = 0; at < BLOCKS; at++) {
    const block = blockAt(at);
    if (!block) continue;
    telling += 1;
    coded += block.coded;
    matched += block.matched;
    firstMoved += block.firstMoved;
    secondMoved += block.secondMoved;
  }
  const weight = Math.min(1, telling / ENOUGH);
  const mean = (sum: number): number => (telling === 0 ? 0 : (weight * sum) / telling);
  return {
    ...{ weight, coded: mean(coded), matched: mean(matched) },
    ...{ firstMoved: mean(firstMoved), secondMoved: mean(secondMoved) },
  };
}

/** Of all differences between fields that follow each other a fifth is noise alone: still scenes and repeated fields. */
const QUIET = 0.2;
/** Motion is a mean difference of at least three code values (they are counted in quarters), and so many times the noise, within reason. */
const LEAST_MOTION = 12;
const OVER_NOISE = 2.5;
const MOST_MOTION = 36;

/** How many blocks of each field have moved since the frame before. */
export function movedBlocks(report: FieldReport): { readonly top: Uint8Array; readonly bottom: Uint8Array } {
  const { metrics, frames } = report;
  const gate = motionGate(report);
  const count = (which: number): Uint8Array =>
    Uint8Array.from({ length: frames }, (_, frame) => {
      let moved = 0;
      for (let block = 0; block < BLOCKS; block++) {
        if ((metrics[frame * METRICS_OF_FRAME + block * METRICS + which] ?? 0) > gate) moved += 1;
      }
      return moved;
    });
  return { top: count(metric.topMoved), bottom: count(metric.bottomMoved) };
}

function motionGate({ metrics, frames }: FieldReport): number {
  const counts = new Uint32Array(256);
  for (let at = METRICS_OF_FRAME; at < frames * METRICS_OF_FRAME; at += METRICS) {
    const least = Math.min(metrics[at + metric.topMoved] ?? 0, metrics[at + metric.bottomMoved] ?? 0);
    counts[least] = (counts[least] ?? 0) + 1;
  }
  const wanted = QUIET * Math.max(0, frames - 1) * BLOCKS;
  let seen = 0;
  const noise = counts.findIndex((count) => (seen += count) >= wanted);
  return Math.min(Math.max(LEAST_MOTION, OVER_NOISE * noise), MOST_MOTION);
}

/** In the right order a field lies nearer to the last field of the frame before it than in the wrong one, so they comb less. */
function orderOf({ metrics, frames }: FieldReport, gate: number): FieldOrder {
  let [withBottom, withTop] = [0, 0];
  for (let at = METRICS_OF_FRAME; at < frames * METRICS_OF_FRAME; at += METRICS) {
    const isMoving = Math.max(metrics[at + metric.topMoved] ?? 0, metrics[at + metric.bottomMoved] ?? 0) > gate;
    if (!isMoving) continue;
    withBottom += metrics[at + metric.withEarlierBottom] ?? 0;
    withTop += metrics[at + metric.withEarlierTop] ?? 0;
  }
  return withTop < withBottom ? 'bff' : 'tff';
}
