/** What rendering really took refines what the next plan says. */
import { join } from 'node:path';
import type { Ports } from '../activities/ports.js';
import type { TaafPaths } from '../config/paths.js';
import { learn } from '../intake/calibrate.js';
import { updateCalibrations } from '../intake/calibration-file.js';
import { thisMachine } from '../intake/machine.js';

/** Receipts name what rendered them: `ffmpeg`, or a model and its backend. */
const gpuOf = (engine: string): string | undefined => {
  const backend = / on (\w+)$/.exec(engine)?.[1];
  return backend === undefined || backend === 'cpu' ? undefined : `The GPU (${backend})`;
};

export const learner =
  (paths: TaafPaths): Ports['learn'] =>
  (episode, receipts) =>
    updateCalibrations(join(paths.data, 'calibrations.json'), (calibrations) =>
      receipts.reduce((known, { engine, frames, seconds, bytes }) => {
        const finished = { work: episode, frames, seconds, bytes };
        return learn(known, thisMachine(gpuOf(engine)), finished);
      }, calibrations),
    );
