/** How much happens in a few small grey frames. Pure. */
import { GRAY_WIDTH, type Gray } from './gray.js';

export interface Complexity {
  /** Mean brightness, 0 to 255. */
  readonly brightness: number;
  /** Mean change of a pixel from one frame to the next; a cut among the frames does not count. */
  readonly motion: number;
  /** Mean difference of a pixel to the one beside it. */
  readonly detail: number;
}

/** @param frames at least one, following each other */
export function complexityOf(frames: readonly Gray[]): Complexity {
  const [first = new Uint8Array()] = frames;
  const changes = frames.slice(1).map((frame, i) => meanDifference(frame, frames[i] ?? frame));
  return {
    brightness: mean(first, (i) => first[i] ?? 0),
    motion: median(changes),
    detail: mean(first, (i) => (i % GRAY_WIDTH === 0 ? 0 : Math.abs((first[i] ?? 0) - (first[i - 1] ?? 0)))),
  };
}

const meanDifference = (a: Gray, b: Gray): number => mean(a, (i) => Math.abs((a[i] ?? 0) - (b[i] ?? 0)));

function mean(frame: Gray, of: (pixel: number) => number): number {
  let sum = 0;
  for (let i = 0; i < frame.length; i++) sum += of(i);
  return frame.length > 0 ? sum / frame.length : 0;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Pearson's correlation of two pictures, −1 to 1: blind to brightness and contrast; 0 where one of them is a plain area. */
export function correlation(a: Gray, b: Gray): number {
  const [meanA, meanB] = [mean(a, (i) => a[i] ?? 0), mean(b, (i) => b[i] ?? 0)];
  let [together, alone, other] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    together += x * y;
    alone += x * x;
    other += y * y;
  }
  return alone > 0 && other > 0 ? together / Math.sqrt(alone * other) : 0;
}

/** Indices of the two frames that are most alike. */
export interface Match {
  readonly before: number;
  readonly after: number;
  readonly correlation: number;
}

/**
 * The same frame in two short runs of one scene. A frame that a deinterlacer had to guess, or that mixes two frames of film, is like no
 * other: a whole one is found before it. Among equals the first one counts.
 */
export function bestMatch(before: readonly Gray[], after: readonly Gray[]): Match | undefined {
  let best: Match | undefined;
  after.forEach((result, j) => {
    before.forEach((source, i) => {
      const found = correlation(source, result);
      if (best === undefined || found > best.correlation) best = { before: i, after: j, correlation: found };
    });
  });
  return best;
}
