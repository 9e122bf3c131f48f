/** Bytes of a disc, read within bounds: a disc may hold anything, and a number that points out of its table is damage. */
import { Failure } from '../domain/failures.js';

/** A sector of a disc, and a pack of its program streams, in bytes. */
export const SECTOR = 2048;

/** @param where the table or file, for people */
export const damage = (where: string, evidence: string): Failure =>
  new Failure('bad-source', `${where} is damaged`, { evidence });

export interface Bytes {
  readonly length: number;
  readonly u8: (at: number) => number;
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
  readonly text: (at: number, length: number) => string;
  /** What follows from `at` on, counted from 0 again. */
  readonly from: (at: number) => Bytes;
}

/**
 * A view of big-endian bytes. Every read that leaves it throws.
 * @throws Failure `bad-source` naming `where`
 */
export function bytesOf(buffer: Buffer, where: string): Bytes {
  const within = (at: number, length: number): number => {
    if (Number.isSafeInteger(at) && at >= 0 && at + length <= buffer.length) return at;
    throw damage(where, `byte ${at} of ${buffer.length} is asked for`);
  };
  return {
    length: buffer.length,
    u8: (at) => buffer.readUInt8(within(at, 1)),
    u16: (at) => buffer.readUInt16BE(within(at, 2)),
    u32: (at) => buffer.readUInt32BE(within(at, 4)),
    text: (at, length) => buffer.toString('latin1', within(at, length), at + length),
    from: (at) => bytesOf(buffer.subarray(within(at, 0)), where),
  };
}
