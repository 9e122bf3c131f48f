/** Measures what the frames of a plan cost on this computer, and remembers it for every later estimate. */
import { calibrate } from '../intake/calibrate.js';
import { readCalibrations, updateCalibrations } from '../intake/calibration-file.js';
import { rateKey } from '../intake/rates.js';
import type { Context } from './context.js';
import { patiently } from './patience.js';
import { calibrationFile, type Planned } from './planning.js';
import { sampler } from './sample.js';

/** Some frames of one episode of every kind that costs differently, on the engine that will do the work. */
export async function measure(
  { plan, tools, paths, machine, cloud }: Pick<Planned, 'plan' | 'tools' | 'paths' | 'machine' | 'cloud'>,
  context: Context,
): Promise<void> {
  // This computer says nothing about machines elsewhere.
  if (cloud) return;
  const kinds = new Map(
    plan.episodes.map((episode) => [`${rateKey('engine', episode)}; ${rateKey('encode', episode)}`, episode]),
  );
  const render = await sampler({ plan, tools, paths, signal: context.signal });
  for (const episode of kinds.values()) {
    const { calibrations } = await readCalibrations(calibrationFile(paths));
    const text = `Measuring some frames of ${episode.stem} with ${episode.profile.name}`;
    const measured = await patiently(context, text, () => calibrate(episode, machine, calibrations, render));
    await updateCalibrations(calibrationFile(paths), () => measured);
  }
}
