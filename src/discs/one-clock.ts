/** Film with one running clock: every VOB on a disc begins its own, and joined as they are their pictures would run backwards. */
import { SECTOR } from './bytes.js';
import { readPiece } from './disc.js';
import type { Stretch } from './film.js';

/** Ticks of 1/90000 s; time stamps have 33 bits. */
const WRAP = 2 ** 33;

/** Where the pack that begins a unit of film says when that starts and ends. */
const STARTS = 57;
const ENDS = 61;

/** Bytes of whole packs that are read at once. */
const PIECE = 512 * SECTOR;

/** The pack that begins a unit holds two packets of private stream 2 and nothing else. */
export const isNavigation = (pack: Buffer): boolean =>
  pack.length === SECTOR && pack[41] === 0xbf && pack[1027] === 0xbf && pack.readUIntBE(38, 3) === 1;

/** Moves the time stamps of packs, given in order, so that every unit of film begins when the one before it ends. */
export function runningClock(): (pack: Buffer) => void {
  let shift = 0;
  let end: number | undefined;
  return (pack) => {
    if (isNavigation(pack)) {
      const start = pack.readUInt32BE(STARTS);
      if (end !== undefined && start !== end) shift += end - start;
      end = pack.readUInt32BE(ENDS);
    } else if (shift !== 0) moveStamps(pack, shift);
  };
}

/** A pack holds one packet, or one and padding. */
function moveStamps(pack: Buffer, shift: number): void {
  let at = 14 + ((pack[13] ?? 0) & 7);
  while (at + 19 <= pack.length && pack.readUIntBE(at, 3) === 1) {
    const [stream = 0, flags = 0] = [pack[at + 3], pack[at + 7]];
    if (stream === 0xbd || (stream >= 0xc0 && stream <= 0xef)) {
      if ((flags & 0x80) !== 0) moveStamp(pack, at + 9, shift);
      if ((flags & 0xc0) === 0xc0) moveStamp(pack, at + 14, shift);
    }
    at += 6 + pack.readUInt16BE(at + 4);
  }
}

/** 33 bits in five bytes, with marks between them that stay. */
function moveStamp(pack: Buffer, at: number, shift: number): void {
  const [high = 0, middle, low] = [pack[at], pack.readUInt16BE(at + 1), pack.readUInt16BE(at + 3)];
  const old = ((high >> 1) & 7) * 2 ** 30 + (middle >> 1) * 2 ** 15 + (low >> 1);
  const stamp = (((old + shift) % WRAP) + WRAP) % WRAP;
  pack[at] = (high & 0xf1) | (Math.floor(stamp / 2 ** 30) << 1);
  pack.writeUInt16BE(((Math.floor(stamp / 2 ** 15) & 0x7fff) << 1) | 1, at + 1);
  pack.writeUInt16BE(((stamp & 0x7fff) << 1) | 1, at + 3);
}

/**
 * The packs of film on one clock, some at a time.
 * @throws Failure `bad-source` or `permission` as `readPiece` does
 */
export async function* withOneClock(film: readonly Stretch[]): AsyncGenerator<Buffer> {
  const move = runningClock();
  for (const { place, offset, bytes } of film) {
    for (let read = 0; read < bytes; read += PIECE) {
      const packs = await readPiece({ place, offset: offset + read, bytes: bytes - read }, PIECE);
      for (let at = 0; at < packs.length; at += SECTOR) move(packs.subarray(at, at + SECTOR));
      yield packs;
    }
  }
}
