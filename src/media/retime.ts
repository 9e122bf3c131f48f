/**
 * Gives every frame of the joined picture its time from the manifest. Segments count frames at a constant rate; the bitstream filter
 * `setts` turns each packet's count into ticks. So a frame's time depends on no container's rounding and on no sum of lengths.
 */
import type { Manifest } from '../domain/job.js';
import { TICKS_PER_SECOND } from '../domain/media.js';
import { piecewise } from './piecewise.js';

interface Run {
  /** First frame's index and time. */
  readonly frame: number;
  readonly at: number;
  /** Ticks of one frame. */
  readonly ticks: number;
}

function runsOf(steps: Manifest['steps'], startTicks: number): Run[] {
  let frame = 0;
  let at = startTicks;
  return steps.map(([count, ticks]) => {
    const run = { frame, at, ticks };
    frame += count;
    at += count * ticks;
    return run;
  });
}

/** What holds for frame `ld(0)`. */
const choose = (runs: readonly Run[], leaf: (run: Run) => string): string =>
  piecewise(
    'ld(0)',
    runs.map((run) => ({ from: run.frame, text: leaf(run) })),
  );

/**
 * The filter's text, to be put into a file for `-/bsf:v` (thousands of steps are longer than an argument may be).
 * @param period ticks of one frame in the segments' own constant rate
 * @param startTicks time of frame 0 in the result
 */
export function retimeFilter(steps: Manifest['steps'], startTicks: number, period: number): string {
  const runs = runsOf(steps, startTicks);
  // Decoding times lie before frame 0: the first run goes on to the left.
  const time = choose(runs, ({ frame, at, ticks }) => `${at}+(ld(0)-${frame})*${ticks}`);
  const length = choose(runs, ({ ticks }) => `${ticks}`);
  const indexOf = (stamp: string): string => `st(0,round(${stamp}/${period.toFixed(6)}))`;
  return [
    `setts=prescale=1:time_base=1/${TICKS_PER_SECOND}`,
    `pts='${indexOf('PTS')};${time}'`,
    `dts='${indexOf('DTS')};${time}'`,
    `duration='${indexOf('PTS')};${length}'`,
  ].join(':');
}
