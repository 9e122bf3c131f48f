/**
 * What a frame costs, stage by stage. Costs grow with the picture, so they are counted per megapixel-frame:
 * of the source for restoring, of its square pixels for the engine, of the result for the encoder.
 */
import { targetSize, type Size } from '../domain/geometry.js';
import type { EpisodePlan } from '../domain/season.js';
import { cadenceOf } from '../media/restore-chain.js';
import { calibrated, type Calibrations } from './calibrations.js';
import type { Machine } from './machine.js';
import { guessedRate } from './priors.js';

export type Stage = 'restore' | 'engine' | 'encode';

/** `resultBytes` is the result's size in bytes; the stages are in seconds. All per megapixel-frame. */
export type Quantity = Stage | 'resultBytes';

export type Work = Pick<EpisodePlan, 'source' | 'cadence' | 'profile' | 'target'>;

export interface Rate {
  readonly value: number;
  readonly measured: boolean;
}

const megapixels = ({ width, height }: Size): number => (width * height) / 1e6;

/** Megapixels of a frame as a quantity counts them. */
export function megapixelsOf(quantity: Quantity, { source, target }: Work): number {
  switch (quantity) {
    case 'restore':
      return megapixels(source.picture);
    case 'engine':
      return megapixels(targetSize(source.picture, { scale: 1 }));
    case 'encode':
    case 'resultBytes':
      return megapixels(target);
  }
}

/** Name under which a quantity's calibration is kept: all that changes it but the machine. */
export function rateKey(quantity: Quantity, work: Work): string {
  const { upscale, encode } = work.profile;
  const { codec, preset, bits, quality } = encode;
  const what = {
    restore: [cadenceOf(work)],
    engine: upscale.engine === 'ffmpeg' ? ['ffmpeg', upscale.scaler] : [upscale.engine, upscale.model],
    encode: [codec, preset, `${bits} bits`],
    resultBytes: [codec, preset, `${bits} bits`, `quality ${quality}`, `grain ${upscale.grain}`, upscale.engine],
  }[quantity];
  return [quantity, ...what, sizeClass(megapixelsOf(quantity, work))].join(', ');
}

/** Pictures within a factor of two cost about the same per pixel; larger ones need not. */
const sizeClass = (size: number): string => `${2 ** Math.ceil(Math.log2(size))} MP`;

/** The rate as it was measured on this machine, else a guess. */
export function rateOf(quantity: Quantity, work: Work, machine: Machine, calibrations: Calibrations): Rate {
  const value = calibrated(calibrations, machine.name, rateKey(quantity, work));
  return value === undefined
    ? { value: guessedRate(quantity, work.profile, machine), measured: false }
    : { value, measured: true };
}
