/**
 * Containers round time stamps (Matroska to whole milliseconds) and soft telecine makes them swing; the picture's own clock is steady.
 * Here the measured times of frames become the steady ones, wherever the measured ones agree with them.
 */

/** Ticks of a frame at 24000/1001, 24, 25, 30000/1001, 30, 50, 60000/1001 and 60 frames a second, and at half of the usual ones. */
const STANDARD_STEPS: readonly number[] = [5005, 5000, 4800, 4004, 4000, 2400, 2002, 2000, 10010, 9600, 8008, 8000];

/** Film, however a player is told to show it. */
export const FILM_STEPS: readonly number[] = [5005, 5000];

/** Two stamps, each rounded or cut to 1 ms, may err by so many ticks against each other. */
export const ROUNDING = 240;

/** Soft telecine shows a frame one field too early or too late, besides the rounding. */
export const FIELD_SWING = 2002 + ROUNDING;

export interface Clock {
  /** Frame durations in ticks that the material may have. */
  readonly steps: readonly number[];
  /** How far a time stamp may be from the steady clock, in ticks. */
  readonly tolerance: number;
}

export const ANY_CLOCK: Clock = { steps: STANDARD_STEPS, tolerance: ROUNDING };
export const FILM_CLOCK: Clock = { steps: FILM_STEPS, tolerance: FIELD_SWING };

/** More re-starts of the clock than this share of the frames: the rate varies, and the stamps are all there is. */
const VARIABLE = 0.05;

/**
 * Durations of all frames in ticks. Gaps in the source stay gaps, of whole steps where that fits. The last frame lasts one step.
 * @param times time stamps in ticks, rising
 */
export function steadyDurations(times: readonly number[], clock: Clock): number[] {
  const [best] = clock.steps
    .map((step) => ({ step, ...follow(times, step, clock.tolerance) }))
    .sort((a, b) => a.error - b.error);
  const steady = best && best.restarts <= times.length * VARIABLE;
  const kept = steady ? best.times : times;
  const last = steady ? best.step : (kept.at(-1) ?? 0) - (kept.at(-2) ?? 0);
  return kept.map((time, i) => (kept[i + 1] ?? time + last) - time);
}

interface Followed {
  readonly times: readonly number[];
  readonly restarts: number;
  /** Sum of all distances from the stamps, in ticks; a new start counts as the greatest that is allowed. */
  readonly error: number;
}

/** Follows the stamps by whole steps; where none fits, the clock starts anew. */
function follow(times: readonly number[], step: number, tolerance: number): Followed {
  const steady: number[] = [];
  let restarts = 0;
  let error = 0;
  for (const time of times) {
    const last = steady.at(-1) ?? time - step;
    const expected = last + step * Math.max(1, Math.round((time - last) / step));
    const distance = Math.abs(time - expected);
    const fits = distance <= tolerance;
    error += Math.min(distance, tolerance);
    if (!fits) restarts += 1;
    steady.push(fits ? expected : time);
  }
  return { times: steady, restarts, error };
}
