/**
 * Guesses where nothing has been measured on this computer yet. Those for processors come from two quiet cores,
 * those for GPUs from what others report; a calibration replaces them.
 */
import type { Codec, EncodeStep, Profile, UpscaleStep } from '../domain/profile.js';
import type { Machine } from './machine.js';
import type { Quantity } from './rates.js';

/** More cores than these do not help one encoder or one model. */
const USEFUL_CORES = 16;

/** Restoring 720x480: fieldmatch at 370 frames a second, FFV1 at 150, on two cores. */
const RESTORE_CORE_SECONDS = 0.06;
/** realesr-animevideov3-x4: 2.0 s a frame at 720x540 on two cores. */
const MODEL_CORE_SECONDS = 10.3;
/** On a GPU of the middle class. */
const MODEL_GPU_SECONDS = 0.15;
/** realesrgan-x4plus against realesr-animevideov3-x4. */
const PHOTOGRAPHIC_FACTOR = 30;
/** Topaz at 6 frames a second from 720x480. */
const TOPAZ_SECONDS = 0.43;
const SCALER_CORE_SECONDS = 0.1;

/** x265 medium: 2.05 frames a second at 3840x2160 on two cores; the others measured beside it. */
const ENCODE_CORE_SECONDS: Readonly<Record<Codec, number>> = {
  hevc: 0.118,
  h264: 0.08,
  av1: 0.09,
  ffv1: 0.1,
  prores: 0.1,
};

/** NVENC at 60 frames a second of 3840x2160: Topaz encodes on the GPU. */
const NVENC_SECONDS = 0.002;

/** Times against medium, for x264 and x265. */
const PRESET_FACTOR: Readonly<Record<string, number>> = {
  ultrafast: 0.25,
  superfast: 0.28,
  veryfast: 0.35,
  faster: 0.4,
  fast: 0.6,
  slow: 2.5,
  slower: 6,
  veryslow: 10,
  placebo: 20,
};

/** Bytes of the result at x265 CRF 18 from an AI picture: 12 GB for 45 minutes of 2880x2160. */
const RESULT_BYTES = 29_800;
/** The CRF that halves the size: 15, 12 and 7 GB at 16, 18 and 22. */
const CRF_TO_HALVE = 5.5;
/** Lanczos with grain against an AI picture: 16 GB to 12. */
const GRAIN_FACTOR = 1.33;
const LOSSLESS_BYTES: Partial<Readonly<Record<Codec, number>>> = { ffv1: 1_300_000, prores: 470_000 };

/** FFV1 of the restored picture in bytes per megapixel-frame: 15 to 20 GB for 45 minutes of 720x480. */
export const RESTORED_BYTES = 700_000;

/** Seconds, or bytes, per megapixel-frame. */
export function guessedRate(quantity: Quantity, { upscale, encode }: Profile, machine: Machine): number {
  const cores = Math.min(machine.cores, USEFUL_CORES);
  switch (quantity) {
    case 'restore':
      return RESTORE_CORE_SECONDS / cores;
    case 'engine':
      return engineSeconds(upscale, machine, cores);
    case 'encode':
      if (upscale.engine === 'topaz') return NVENC_SECONDS;
      return (ENCODE_CORE_SECONDS[encode.codec] * presetFactor(encode)) / cores;
    case 'resultBytes':
      return resultBytes(encode, upscale.grain);
  }
}

function engineSeconds(upscale: UpscaleStep, { gpu, speed = 1 }: Machine, cores: number): number {
  if (upscale.engine === 'ffmpeg') return SCALER_CORE_SECONDS / cores;
  if (upscale.engine === 'topaz') return TOPAZ_SECONDS / speed;
  const factor = upscale.model === 'realesrgan-x4plus' ? PHOTOGRAPHIC_FACTOR : 1;
  return factor * (gpu === undefined ? MODEL_CORE_SECONDS / cores : MODEL_GPU_SECONDS / speed);
}

/** SVT-AV1 counts its presets from slow to fast, each about a fifth quicker than the one before. */
const presetFactor = ({ codec, preset }: EncodeStep): number =>
  codec === 'av1' ? 1.25 ** (6 - Number(preset)) : (PRESET_FACTOR[preset] ?? 1);

function resultBytes({ codec, quality }: EncodeStep, grain: number): number {
  const lossless = LOSSLESS_BYTES[codec];
  if (lossless !== undefined) return lossless;
  // The same picture takes a CRF about 8 higher in AV1's scale, and half as much again in H.264.
  const crf = codec === 'av1' ? quality - 8 : quality;
  const times = codec === 'h264' ? 1.5 : 1;
  return times * RESULT_BYTES * 2 ** ((18 - crf) / CRF_TO_HALVE) * (grain > 0 ? GRAIN_FACTOR : 1);
}
