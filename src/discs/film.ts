/** Where film lies: pieces of files, each of whole packs, in the order in which they are played. Pure. */

/** A piece of a file in bytes. */
export interface Stretch {
  /** Absolute path of the file: a VOB, or the image that it is in. */
  readonly place: string;
  readonly offset: number;
  readonly bytes: number;
}

export const bytesIn = (film: readonly Stretch[]): number => film.reduce((sum, { bytes }) => sum + bytes, 0);

/** What is left of the piece in which so many bytes of film have passed; nothing behind the end. */
export function restFrom(film: readonly Stretch[], passed: number): Stretch {
  let left = passed;
  for (const { place, offset, bytes } of film) {
    if (left < bytes) return { place, offset: offset + left, bytes: bytes - left };
    left -= bytes;
  }
  return { place: '', offset: 0, bytes: 0 };
}
