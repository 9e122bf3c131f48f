/** Colour description of a picture, completed from the television standard where the file says nothing (DVDs rarely do). */
import type { Colour } from '../domain/media.js';
import type { ProbedStream } from './ffprobe.js';

const NTSC = { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m' };
const PAL = { primaries: 'bt470bg', transfer: 'smpte170m', matrix: 'bt470bg' };
const HD = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' };

/** What an untagged picture of this size is meant to be: players and broadcasters agree on it. */
function standardOf(width: number, height: number, rate: number): Omit<Colour, 'range'> {
  if (height > 576 || width > 1024) return HD;
  const pal = height === 576 || height === 288 || (rate === 25 && height !== 480 && height !== 240);
  return pal ? PAL : NTSC;
}

const known = (word: string | undefined): string | undefined =>
  word === undefined || word === 'unknown' || word === 'unspecified' || word === 'reserved' ? undefined : word;

/** Colour of a stream; `rate` in frames a second tells PAL from NTSC where the size does not. */
export function colourOf(stream: ProbedStream, width: number, height: number, rate: number): Colour {
  const standard = standardOf(width, height, rate);
  const full = stream.color_range === 'pc' || (stream.pix_fmt?.startsWith('yuvj') ?? false);
  return {
    primaries: known(stream.color_primaries) ?? standard.primaries,
    transfer: known(stream.color_transfer) ?? standard.transfer,
    matrix: known(stream.color_space) ?? standard.matrix,
    range: full ? 'pc' : 'tv',
  };
}
