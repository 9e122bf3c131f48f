/** Frame arithmetic: an index is the truth, times come from the manifest's steps. */
import type { Manifest } from './job.js';
import { TICKS_PER_SECOND } from './media.js';

type Steps = Manifest['steps'];

/** Run-length code of frame durations in ticks. */
export function stepsOf(durations: readonly number[]): [count: number, ticks: number][] {
  const steps: [number, number][] = [];
  for (const ticks of durations) {
    const last = steps.at(-1);
    if (last?.[1] === ticks) last[0] += 1;
    else steps.push([1, ticks]);
  }
  return steps;
}

/** Duration in ticks of the frames `[first, first + count)`. */
export function ticksBetween(steps: Steps, first: number, count: number): number {
  let skip = first;
  let left = count;
  let sum = 0;
  for (const [run, ticks] of steps) {
    const take = Math.min(Math.max(run - skip, 0), left);
    sum += take * ticks;
    left -= take;
    skip = Math.max(skip - run, 0);
    if (left === 0) break;
  }
  return sum;
}

/** The time of every frame in ticks relative to frame 0, one number per frame. */
export function timesOf(steps: Steps): number[] {
  const times: number[] = [];
  let now = 0;
  for (const [run, ticks] of steps) {
    for (let i = 0; i < run; i++, now += ticks) times.push(now);
  }
  return times;
}

/** Frames a second on average, as a fraction: exact for a constant rate. */
export function averageRate(steps: Steps): { readonly num: number; readonly den: number } {
  const count = steps.reduce((sum, [run]) => sum + run, 0);
  const ticks = steps.reduce((sum, [run, each]) => sum + run * each, 0);
  const [first] = steps;
  if (steps.length === 1 && first) return reduced(TICKS_PER_SECOND, first[1]);
  return reduced(count * TICKS_PER_SECOND, ticks);
}

function reduced(num: number, den: number): { num: number; den: number } {
  let [a, b] = [num, den];
  while (b !== 0) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}
