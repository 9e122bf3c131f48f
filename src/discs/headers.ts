/**
 * Mends the headers of the Matroska file that ffmpeg made of a disc, in place and byte for byte of the same length.
 * Subtitles lack the size that their coordinates mean: without it players take the picture's. MPEG sound is called layer 1, which no DVD has.
 */
import { open } from 'node:fs/promises';
import type { Size } from '../domain/geometry.js';

/** Headers of all streams lie within it. */
const HEAD = 1024 * 1024;
/** Begins the first pictures and sounds. */
const CLUSTER = Buffer.from([0x1f, 0x43, 0xb6, 0x75]);

const PALETTE = /palette: (?:[0-9a-f]{6}, ){15}[0-9a-f]{6}\n/g;
/** Matroska's elements for a track's name and for its decoder's own data, which differ in their ids only. */
const NAMED = /\x53\x6e([\x80-\xfe]size: \d+x\d+)/g;
const PRIVATE = '\x63\xa2';
const LAYER_1 = /A_MPEG\/L1/g;
const LAYER_2 = 'A_MPEG/L2';

/** Subtitles of every raster lie on the full one of their television standard. */
export const canvasOf = ({ height }: Size): Size => ({ width: 720, height: height % 288 === 0 ? 576 : 480 });

/** Subtitles that have no palette get the size as their name, which `mendHeaders` makes their decoder's. */
export const sizeAsName = ({ width, height }: Size): string => `title=size: ${width}x${height}`;

/** The size in front of the palette, in as many bytes as the palette alone: blanks between its colours make room. */
export function withSize(palette: string, { width, height }: Size): string {
  const size = `size: ${width}x${height}\n`;
  const colours = palette.slice('palette: '.length).split(', ');
  const dense = Math.min(size.length, colours.length - 1);
  const text = colours.map((colour, i) => (i === 0 ? '' : i <= dense ? ',' : ', ') + colour).join('');
  return `${size}palette: ${text}`;
}

/**
 * Mends all headers of a copy.
 * @param canvas of all subtitles
 */
export async function mendHeaders(path: string, canvas: Size): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(CLUSTER);
    const head = buffer.toString('latin1', 0, end < 0 ? bytesRead : end);
    const mended = head
      .replace(PALETTE, (palette) => withSize(palette, canvas))
      .replace(NAMED, (_, rest: string) => PRIVATE + rest)
      .replace(LAYER_1, LAYER_2);
    if (mended !== head) await handle.write(Buffer.from(mended, 'latin1'), 0, head.length, 0);
  } finally {
    await handle.close();
  }
}
