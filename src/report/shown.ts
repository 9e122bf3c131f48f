/** How a source and a result look on a screen, as ffmpeg's arguments. Pure. */
import type { Size } from '../domain/geometry.js';
import type { Colour, SourceInfo } from '../domain/media.js';
import { ownInput, sourceInput } from '../media/ffmpeg.js';
import type { Taken } from './gray.js';

/**
 * Opens a file near a moment on its own clock: the times that its streams carry, wherever that clock starts. ffmpeg's own exact seek counts
 * such a start twice, so frames are chosen by a filter.
 */
const near = (seconds: number): string[] => [
  ...['-copyts', '-seek_timestamp', '1', '-noaccurate_seek', '-ss', seconds.toFixed(6)],
];

/** Containers round times to a millisecond: a frame may be so many seconds early. */
const EARLY = 0.0005;

const fromOn = (seconds: number): string => `select=gte(t\\,${(seconds - EARLY).toFixed(6)})`;

/**
 * Seconds before a moment where a source is opened. MPEG streams have no index: ffmpeg lands on any frame, and a decoder shows nothing before
 * the next key frame, which on a DVD comes within 0.6 s.
 */
const RUN_UP = 2;

/** A source's frames as they are coded, from a moment on. */
export const codedTaken = (path: string, { pictureStream }: SourceInfo, seconds: number): Taken => ({
  input: [...near(seconds - RUN_UP), ...sourceInput(path)],
  map: `0:${pictureStream}`,
  filters: [fromOn(seconds)],
});

/**
 * A source as a player shows it, from a moment on. Only frames that say they are interlaced are deinterlaced: a player does not know better.
 * The fields of a frame are put together afterwards, so that nothing scales them apart.
 */
export function sourceTaken(path: string, info: SourceInfo, seconds: number): Taken {
  const coded = codedTaken(path, info, seconds);
  const player = ['bwdif=mode=send_frame:deint=interlaced', 'setparams=field_mode=prog'];
  return { ...coded, filters: [...coded.filters, ...player] };
}

/** A result from a moment on. */
export const resultTaken = (path: string, seconds: number): Taken => ({
  input: [...near(seconds), ...ownInput(path)],
  map: '0:v:0',
  filters: [fromOn(seconds)],
});

/** A file from its first frame on. */
export const wholeTaken = (path: string): Taken => ({ input: ownInput(path), map: '0:v:0', filters: [] });

const BT709: Colour = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', range: 'tv' };

/**
 * One frame as a JPEG on standard output: square pixels, colours of BT.709 in JPEG's own form, as the engines take a source's colours.
 * A source is enlarged by `bilinear`, as players do; a result is made smaller by `spline36`.
 */
export function stillArgv(taken: Taken, frame: number, { width, height }: Size, look: StillLook): string[] {
  const { primaries, matrix, range } = look.colour;
  const from = `min=${matrix}:pin=${primaries}:tin=bt709:rin=${range}`;
  const filters = [
    ...taken.filters,
    `select=eq(n\\,${frame})`,
    `zscale=w=${width}:h=${height}:f=${look.scaler}:${from}:p=bt709:t=bt709:m=170m:r=pc`,
    'format=yuv420p',
    'setsar=1',
  ];
  return [
    ...[...taken.input, '-map', taken.map, '-vf', filters.join(','), '-frames:v', '1', '-fps_mode', 'passthrough'],
    ...['-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2pipe', 'pipe:1'],
  ];
}

export interface StillLook {
  readonly colour: Colour;
  readonly scaler: 'bilinear' | 'spline36';
}

export const sourceLook = ({ picture }: SourceInfo): StillLook => ({ colour: picture.colour, scaler: 'bilinear' });
export const resultLook: StillLook = { colour: BT709, scaler: 'spline36' };

/** The result's size, at most `most` pixels wide; both numbers even. */
export function stillSize({ width, height }: Size, most: number): Size {
  if (width <= most) return { width, height };
  return { width: most, height: 2 * Math.round((most * height) / width / 2) };
}
