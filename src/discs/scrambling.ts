/** Tells encrypted film from plain film by the packs themselves: each says whether its content is scrambled. */
import { Failure } from '../domain/failures.js';
import { SECTOR } from './bytes.js';
import { readPiece } from './disc.js';
import { bytesIn, restFrom, type Stretch } from './film.js';

/** Places of a title that are looked at, and packs at each: an encrypted disc leaves some packs plain. */
const PLACES = 24;
const PACKS = 64;

/** Streams that CSS scrambles: picture, and private stream 1 with most sounds and all subtitles. */
const SCRAMBLED_STREAMS: readonly number[] = [0xe0, 0xbd];

/** MPEG-2's scrambling control of the packet behind the pack's header. */
export function isScrambled(pack: Buffer): boolean {
  const packet = 14 + ((pack[13] ?? 0) & 7);
  if (pack.readUInt32BE(0) !== 0x1ba || pack.readUIntBE(packet, 3) !== 1) return false;
  return SCRAMBLED_STREAMS.includes(pack[packet + 3] ?? 0) && ((pack[packet + 6] ?? 0) & 0x30) !== 0;
}

/** @throws Failure `unsupported` when the film is encrypted */
export async function refuseScrambled(film: readonly Stretch[], name: string): Promise<void> {
  for (const { place, offset, bytes } of spread(film)) {
    const packs = await readPiece({ place, offset, bytes }, PACKS * SECTOR);
    for (let at = 0; at + SECTOR <= packs.length; at += SECTOR) {
      if (!isScrambled(packs.subarray(at, at + SECTOR))) continue;
      throw new Failure('unsupported', `${name} is encrypted, and TAAF does not decrypt`, {
        evidence: `the scrambling bits are set in the pack at byte ${offset + at}`,
        next: 'Take a copy of the disc that is not encrypted, then submit the folder again',
      });
    }
  }
}

/** As many places, evenly over all the film. */
function spread(film: readonly Stretch[]): Stretch[] {
  const packs = bytesIn(film) / SECTOR;
  return Array.from({ length: PLACES }, (_, i) => restFrom(film, Math.floor((i / PLACES) * packs) * SECTOR));
}
