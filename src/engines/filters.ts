/**
 * Filter chains, as text in ffmpeg's syntax. Every change of size, colour or depth is zscale's on one thread: its slices would change the
 * picture by up to 4 codes of 10 bits with the number of threads, and swscale's RGB48 → YUV is off by up to 3 (measured, ffmpeg 9.0.2).
 */
import type { Scaler, UpscaleStep } from '../domain/profile.js';
import type { Colour } from '../domain/media.js';
import type { RestoredTask, SegmentTask } from './engine.js';
import { encodedFormat } from './encode.js';

const scalers: Readonly<Record<Scaler, string>> = { lanczos: 'lanczos', spline: 'spline36', bicubic: 'bicubic' };

/**
 * The transfer curve is taken for BT.709's and kept: SD video was graded on the same displays as HD, whatever its tag says, and a
 * conversion of BT.470's gamma of 2.8 would brighten the picture.
 */
const from = (colour: Colour): string =>
  `min=${colour.matrix}:pin=${colour.primaries}:tin=bt709:rin=${colour.range}:p=bt709:t=bt709`;

const RGB = 'min=gbr:pin=bt709:tin=bt709:rin=pc:p=bt709:t=bt709';
const VIDEO = 'm=bt709:r=tv';

/** Frames are counted, never timed: frame N gets time N. */
export const counted = ({ frameRate }: RestoredTask): string => `settb=${frameRate.den}/${frameRate.num},setpts=N`;

/** Restored frames are whole, whatever a decoder says: zscale would scale the fields of a frame that is marked interlaced apart. */
export const WHOLE = 'setparams=field_mode=prog';

function toTarget(task: SegmentTask, source: string, scaler: Scaler): string {
  const { target, profile } = task.job;
  const size = `w=${target.width}:h=${target.height}:f=${scalers[scaler]}`;
  // Eight bits are too few for a dark gradient: the dither keeps it smooth.
  const dither = profile.encode.codec !== 'prores' && profile.encode.bits === 8 ? ':d=ordered' : '';
  return `zscale=threads=1:${size}:${source}:${VIDEO}${dither},format=${encodedFormat(profile.encode)},setsar=1`;
}

/** Restored picture → target size in BT.709. */
export const classicToTarget = (task: SegmentTask, scaler: Scaler): string =>
  `${counted(task)},${WHOLE},${toTarget(task, from(task.job.info.picture.colour), scaler)}`;

/** Restored picture → packed BT.709 RGB of 16 bits at its own size: what models see. */
export const restoredToRgb = (task: RestoredTask): string =>
  `${counted(task)},${WHOLE},zscale=threads=1:${from(task.job.info.picture.colour)}:m=gbr:r=pc,format=gbrp16le,format=rgb48le`;

/** Two pictures of the same frame number as one: `strength` of the first, the rest of the second. */
export const blended = (strength: number): string => `mix=weights=${strength} ${1 - strength}:duration=shortest`;

/** Eight bits, progressive, square: what both sides of a comparison have in common. ffmpeg 9.0.2 counts XPSNR of ten bits 32 dB too low. */
const COMPARED = 'format=yuv420p,setsar=1';

/** The restored picture's size, its last odd column and row let go: chroma has half of them. */
const even = (pixels: number): number => Math.max(2, pixels - (pixels % 2));
const comparedSize = ({ width, height }: SegmentTask): string => `w=${even(width)}:h=${even(height)}`;

/** How much of a rendered picture has been RGB. */
function modelShare(step: UpscaleStep): number {
  if (step.engine === 'ffmpeg') return 0;
  return step.engine === 'onnx' ? step.strength : 1;
}

/**
 * Restored picture → BT.709 at its own size: the origin that a rendered one is compared with. Video has colours that RGB has not, and a
 * model's share of the picture never had them: they are taken out of the origin too (up to 37 codes of brightness, measured).
 */
export function restoredToCompare(task: SegmentTask): string {
  const { info, profile } = task.job;
  const share = modelShare(profile.upscale);
  const whole = `${counted(task)},${WHOLE}`;
  const sized = `zscale=threads=1:${comparedSize(task)}:${from(info.picture.colour)}`;
  const video = `${sized}:${VIDEO},${COMPARED}`;
  const rgb = `${sized}:m=gbr:r=pc,format=gbrp16le,zscale=threads=1:${RGB}:${VIDEO},${COMPARED}`;
  if (share === 0) return `${whole},${video}`;
  if (share === 1) return `${whole},${rgb}`;
  return `${whole},split[v][r];[v]${video}[video];[r]${rgb}[rgb];[rgb][video]${blended(share)}`;
}

/** Rendered picture → the restored one's size. swscale: no colour changes here, and it takes a third less time than zscale. */
export const renderedToCompare = (task: SegmentTask): string =>
  `${counted(task)},${WHOLE},scale=${comparedSize(task)}:flags=bicubic,${COMPARED}`;

/** The model's RGB → target size in BT.709. */
export const rgbToTarget = (task: SegmentTask): string =>
  `${counted(task)},format=gbrp16le,${toTarget(task, RGB, 'lanczos')}`;

/**
 * Standard deviation, in 8-bit code values, of `noise=100:t+u` after it was doubled in size: 100 / √12 by its uniform distribution, less
 * what the interpolation takes; measured over eight seeds.
 */
const NOISE_DEVIATION = 23.8;

/**
 * Film grain of the given standard deviation in 8-bit code values, over the brightness only; nothing for 0. The noise is strong, made at
 * half the size (grains of two pixels) and faded at full depth, so that it has fine steps and hides banding instead of adding it.
 */
export function grain(task: SegmentTask, deviation: number): string {
  if (deviation === 0) return 'null';
  const { target, profile } = task.job;
  const [width, height] = [target.width, target.height];
  return [
    'split[picture][still]',
    `[still]scale=${Math.ceil(width / 2)}:${Math.ceil(height / 2)}:flags=neighbor,format=yuv420p,lutyuv=y=128:u=128:v=128,` +
      `noise=c0s=100:c0f=t+u:all_seed=${task.segment + 1},` +
      `zscale=threads=1:w=${width}:h=${height}:f=bicubic,format=${encodedFormat(profile.encode)}[grain]`,
    `[picture][grain]blend=all_mode=grainmerge:all_opacity=${(deviation / NOISE_DEVIATION).toFixed(5)}`,
  ].join(';');
}
