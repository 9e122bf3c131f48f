/**
 * Where a file should end by its container's own words: a copy that broke off keeps a header that promises all of it.
 * Matroska, MP4 and AVI say so; MPEG streams do not.
 */
import { open, type FileHandle } from 'node:fs/promises';

const HEAD = 16;
const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
/** Boxes that an MP4 or an old QuickTime file may begin with. */
const FIRST_BOX = /^(ftyp|moov|mdat|wide|free|skip)$/;
/** Boxes of a fragmented MP4 that are looked at; an episode has thousands. */
const MOST_BOXES = 100_000;

/** Byte at which the file should end at least; undefined where its container does not say. */
export async function declaredEnd(path: string): Promise<number | undefined> {
  const handle = await open(path);
  try {
    const head = await bytesAt(handle, 0);
    if (head.length < HEAD) return undefined;
    if (head.readUInt32BE(0) === EBML) return await endOfSegment(handle, head);
    if (FIRST_BOX.test(head.toString('latin1', 4, 8))) return await lastEnd(handle, boxSize);
    if (head.toString('latin1', 0, 4) === 'RIFF') return await lastEnd(handle, riffSize);
    return undefined;
  } finally {
    await handle.close();
  }
}

async function bytesAt(handle: FileHandle, at: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, at);
  return buffer.subarray(0, bytesRead);
}

async function endOfSegment(handle: FileHandle, head: Buffer): Promise<number | undefined> {
  const header = vint(head, 4);
  if (header?.value === undefined) return undefined;
  const at = 4 + header.length + header.value;
  const segment = await bytesAt(handle, at);
  if (segment.length < HEAD || segment.readUInt32BE(0) !== SEGMENT) return undefined;
  const size = vint(segment, 4);
  return size?.value === undefined ? undefined : at + 4 + size.length + size.value;
}

/** EBML's number of 1 to 8 bytes: the leading zeros tell the length; all ones mean "not known" (live recordings). */
function vint(bytes: Buffer, at: number): { length: number; value: number | undefined } | undefined {
  const length = Math.clz32(bytes[at] ?? 0) - 23;
  if (length > 8) return undefined;
  const word = bytes.subarray(at, at + length).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const limit = 1n << BigInt(7 * length);
  const value = word & (limit - 1n);
  return { length, value: value === limit - 1n ? undefined : Number(value) };
}

/** End of the last of the pieces that follow each other from the file's start, as far as their sizes can be read. */
async function lastEnd(handle: FileHandle, sizeOf: (head: Buffer) => number | undefined): Promise<number | undefined> {
  let end: number | undefined;
  for (let box = 0; box < MOST_BOXES; box++) {
    const head = await bytesAt(handle, end ?? 0);
    const size = head.length < HEAD ? undefined : sizeOf(head);
    if (size === undefined) return end;
    end = (end ?? 0) + size;
  }
  return end;
}

/** ISO 14496-12: 32 bits and a name; 1 stands for 64 bits after the name, 0 for "to the end of the file". */
function boxSize(head: Buffer): number | undefined {
  if (!/^[ -~]{4}$/.test(head.toString('latin1', 4, 8))) return undefined;
  const size = head.readUInt32BE(0);
  if (size === 1) return Number(head.readBigUInt64BE(8));
  return size < 8 ? undefined : size;
}

/** A file over 1 GiB has further RIFFs; one that was never closed says 0. */
function riffSize(head: Buffer): number | undefined {
  const size = head.readUInt32LE(4);
  if (head.toString('latin1', 0, 4) !== 'RIFF' || size === 0) return undefined;
  return 8 + size + (size % 2);
}
