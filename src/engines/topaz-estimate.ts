/** Automatic parameters: `tvai_pe` prints six numbers for each frame, and their medians stand for the episode. Pure. */
import { Failure } from '../domain/failures.js';
import { medianOf } from '../domain/statistics.js';
import { topazParameterNames, type TopazEstimate } from '../domain/topaz.js';
import { filterThreads, restoredInput } from './argv.js';
import type { RestoredTask } from './engine.js';
import { modelPicture } from './topaz-colour.js';
import type { TopazMachine } from './topaz-filter.js';

/** The estimator of all models. */
export const ESTIMATOR = 'prap-3';
/** Fewer frames say little; an episode that is shorter gives all it has. */
export const LEAST_FRAMES = 20;
/** Places in the episode, and frames at each. */
const PLACES = 5;
const FRAMES_EACH = 8;

export interface Place {
  readonly segment: number;
  readonly first: number;
  readonly frames: number;
}

/** Where to look: the middles of segments that are spread over the episode, all of them in a short one. */
export function estimatePlaces(counts: readonly number[]): readonly Place[] {
  const spread = new Set(Array.from({ length: PLACES }, (_, i) => Math.floor(((i + 0.5) * counts.length) / PLACES)));
  const places = (each: number): Place[] =>
    counts.flatMap((count, segment) => {
      const frames = Math.min(each, count);
      return spread.has(segment) ? [{ segment, first: Math.floor((count - frames) / 2), frames }] : [];
    });
  const enough = (chosen: readonly Place[]): boolean =>
    chosen.reduce((sum, { frames }) => sum + frames, 0) >= LEAST_FRAMES;
  const few = [places(FRAMES_EACH), places(LEAST_FRAMES)].find(enough);
  return few ?? counts.map((frames, segment) => ({ segment, first: 0, frames }));
}

/** Estimates the frames `first` to `first + frames - 1` of the task's segment. */
export function estimateArgv(
  task: RestoredTask,
  machine: TopazMachine,
  { first, frames }: Omit<Place, 'segment'>,
): readonly string[] {
  const download = machine.options.has('download') ? ':download=1' : '';
  const cut = `trim=start_frame=${first}:end_frame=${first + frames}`;
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info', ...filterThreads(task), ...restoredInput(task)],
    ...['-map', '0:v:0', '-vf', `${cut},${modelPicture(task, machine)},tvai_pe=model=${ESTIMATOR}${download}`],
    ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
  ];
}

/** The six numbers of a line of `tvai_pe`, such as `Parameter values:[-0.245 ,0.010 ,0.228 ,0.503 ,0.096 ,0.201 , ]`. */
export function parameterValues(line: string): readonly number[] | undefined {
  const list = /parameter values:\s*\[([^\]]*)\]/i.exec(line)?.[1];
  const values = list?.match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/g)?.map(Number) ?? [];
  const known = topazParameterNames.length;
  return values.length >= known ? values.slice(0, known) : undefined;
}

/**
 * @param frames the numbers of each frame; @param wanted how many frames were shown
 * @throws Failure `engine-crashed` when the estimator has told too few
 */
export function estimateOf(frames: readonly (readonly number[])[], wanted: number): TopazEstimate {
  if (frames.length < Math.min(LEAST_FRAMES, wanted)) {
    throw new Failure('engine-crashed', 'Topaz estimated too few frames for its automatic parameters', {
      evidence: `${frames.length} frames estimated of ${wanted}`,
    });
  }
  const medians = topazParameterNames.map((name, i) => {
    const median = medianOf(frames.map((values) => values[i] ?? 0));
    // Four decimals, so that records and command lines show the same number.
    return [name, Math.round(Math.max(-1, Math.min(1, median)) * 10_000) / 10_000] as const;
  });
  return {
    estimator: ESTIMATOR,
    frames: frames.length,
    parameters: Object.fromEntries(medians) as unknown as TopazEstimate['parameters'],
  };
}
