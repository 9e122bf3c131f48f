/** How late one run of pictures is against another, by the best agreement of their changes. Pure. */
import type { Shade } from './shades.js';

export interface Lag {
  /** How late `result` is, in seconds; negative when it is early. */
  readonly seconds: number;
  /** Agreement there and without any lag: 1 is perfect, 0 is none. */
  readonly agreement: number;
  readonly unmoved: number;
  /** Best agreement at least a frame away from there. */
  readonly elsewhere: number;
}

/** Lags that are tried, in seconds to both sides. */
export const WIDEST_LAG = 1;
const COARSE = 0.01;
const FINE = 0.001;
/** Mean change in code values below which a run stands still: grain alone stays below it in such small pictures. */
const STILL = 0.5;

/** @param frame seconds of one frame of the result @returns `undefined` when nothing moves, or there is nothing to compare */
export function lagOf(result: readonly Shade[], source: readonly Shade[], frame: number): Lag | undefined {
  const wanted = changesOf(result.map(({ luma }) => luma));
  if (result.length < 2 || source.length < 2 || movement(wanted) < STILL) return undefined;
  const tried = (from: number, to: number, step: number): Tried[] =>
    range(from, to, step).map((lag) => ({
      lag,
      agreement: agreement(wanted, changesOf(result.map(({ seconds }) => shadeAt(source, seconds - lag)))),
    }));
  const coarse = tried(-WIDEST_LAG, WIDEST_LAG, COARSE);
  const near = best(coarse).lag;
  const found = best(tried(near - COARSE, near + COARSE, FINE));
  return {
    seconds: found.lag,
    agreement: found.agreement,
    unmoved: best(coarse.filter(({ lag }) => lag === 0)).agreement,
    elsewhere: best(coarse.filter(({ lag }) => Math.abs(lag - found.lag) > frame)).agreement,
  };
}

interface Tried {
  readonly lag: number;
  readonly agreement: number;
}

const best = (all: readonly Tried[]): Tried =>
  all.reduce((a, b) => (b.agreement > a.agreement ? b : a), { lag: 0, agreement: -1 });

type Picture = ArrayLike<number>;

/** Every picture less the mean of all: what stands still says nothing about time. */
function changesOf(pictures: readonly Picture[]): Float64Array[] {
  const pixels = pictures[0]?.length ?? 0;
  const mean = new Float64Array(pixels);
  for (const picture of pictures)
    for (let p = 0; p < pixels; p++) mean[p] = (mean[p] ?? 0) + (picture[p] ?? 0) / pictures.length;
  return pictures.map((picture) => Float64Array.from({ length: pixels }, (_, p) => (picture[p] ?? 0) - (mean[p] ?? 0)));
}

const movement = (changes: readonly Float64Array[]): number =>
  changes.reduce((sum, change) => sum + change.reduce((a, b) => a + Math.abs(b), 0) / change.length, 0) /
  changes.length;

/** Normalised correlation of two runs. */
function agreement(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  a.forEach((change, i) => {
    const other = b[i];
    for (let p = 0; p < change.length; p++) {
      const [x, y] = [change[p] ?? 0, other?.[p] ?? 0];
      product += x * y;
      squaresA += x * x;
      squaresB += y * y;
    }
  });
  const scale = Math.sqrt(squaresA * squaresB);
  return scale === 0 ? 0 : product / scale;
}

/** The picture at a moment, mixed from the two around it. */
function shadeAt(shades: readonly Shade[], seconds: number): Picture {
  const after = shades.findIndex((shade) => shade.seconds >= seconds);
  const [a, b] = after <= 0 ? [shades.at(after), shades.at(after)] : [shades[after - 1], shades[after]];
  if (!a || !b) return [];
  const part = b.seconds > a.seconds ? (seconds - a.seconds) / (b.seconds - a.seconds) : 0;
  return Float64Array.from(a.luma, (value, p) => value + part * ((b.luma[p] ?? 0) - value));
}

function range(from: number, to: number, step: number): number[] {
  const first = Math.round(from / step);
  const last = Math.round(to / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
