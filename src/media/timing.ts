/** How far times may be off, and which are. Pure. */
import { timesOf } from '../domain/frames.js';
import type { Manifest } from '../domain/job.js';
import { secondsOf } from '../domain/media.js';
import type { FrameHash } from './frame-hashes.js';

/** Matroska counts milliseconds; the rest is for sums of decimal fractions. */
const TOLERANCE = 0.001 + 1e-6;

/** Whether a difference in seconds is more than a millisecond; a time that is missing is off too. */
export const isOff = (seconds: number): boolean => !(Math.abs(seconds) <= TOLERANCE);

/** A signed difference in seconds, for people. */
export const late = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms late`;

/**
 * What is wrong with the picture's time stamps.
 * @param times of every packet in seconds, in any order
 * @param shift seconds that the mux added to the source's clock
 */
export function frameBreaches(times: readonly number[], manifest: Manifest, shift: number): string[] {
  const count = times.length === manifest.frames ? [] : [`picture: ${times.length} frames, not ${manifest.frames}`];
  const start = secondsOf(manifest.startTicks) + shift;
  const wanted = timesOf(manifest.steps);
  const offs = times.toSorted((a, b) => a - b).map((time, i) => time - start - secondsOf(wanted[i] ?? Number.NaN));
  const frame = offs.findIndex(isOff);
  return frame < 0 ? count : [...count, `picture: frame ${frame} comes ${late(offs[frame] ?? Number.NaN)}`];
}

/**
 * What is wrong with one copied stream: packets or pictures that differ from the source's, or come at another time.
 * @param where the stream's name for people
 * @param what `packet` or `picture`
 */
export function copyBreaches(
  where: string,
  what: string,
  source: readonly FrameHash[],
  result: readonly FrameHash[],
): string[] {
  if (source.length !== result.length) return [`${where}: ${result.length} ${what}s, the source has ${source.length}`];
  const other = source.findIndex(({ hash }, i) => hash !== result[i]?.hash);
  const offs = source.map(({ time }, i) => (result[i]?.time ?? Number.NaN) - time);
  const off = offs.findIndex(isOff);
  return [
    ...(other < 0 ? [] : [`${where}: ${what} ${other} is not the source's`]),
    ...(off < 0 ? [] : [`${where}: ${what} ${off} comes ${late(offs[off] ?? Number.NaN)}`]),
  ];
}
