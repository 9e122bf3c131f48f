/** A segment's scenes, and how its likeness lies over them. Pure. */
import type { Level } from '../domain/proof.js';
import { meanOf } from '../domain/statistics.js';

/** A range of frames. */
export interface Scene {
  readonly first: number;
  readonly frames: number;
}

/** Score from which a frame starts a new scene, as ffmpeg's scdet has it: in per cent of all code values. */
const SCENE = 10;

/** @param changes mean change of every frame from the one before it, in per cent */
export function scenesOf(changes: readonly number[]): Scene[] {
  const starts = changes.flatMap((change, i) => {
    // A flash or a fast pan changes every frame alike: only the change of the change counts.
    const score = Math.min(change, Math.abs(change - (changes[i - 1] ?? 0)));
    return i === 0 || score >= SCENE ? [i] : [];
  });
  return starts.map((first, i) => ({ first, frames: (starts[i + 1] ?? changes.length) - first }));
}

/**
 * Mean of all values, and the scene with the lowest mean.
 * @param values one for each frame; of frames that nobody has measured none
 * @param timeOf time of a frame of the segment in the result, in seconds
 */
export function levelOf(
  values: readonly (number | undefined)[],
  scenes: readonly Scene[],
  { first, timeOf }: { readonly first: number; readonly timeOf: (frame: number) => number },
): Level {
  const measured = (some: readonly (number | undefined)[]) => some.filter((value) => value !== undefined);
  const means = scenes.flatMap((scene) => {
    const known = measured(values.slice(scene.first, scene.first + scene.frames));
    return known.length === 0 ? [] : [{ frame: first + scene.first, mean: meanOf(known) }];
  });
  const { frame, mean } = means.reduce((a, b) => (b.mean < a.mean ? b : a));
  return { mean: rounded(meanOf(measured(values))), low: rounded(mean), frame, seconds: timeOf(frame) };
}

/** Four digits after the point: a record is read by people too. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
