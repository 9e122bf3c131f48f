/** Finds the files of VIDEO_TS inside a disc's image, by its ISO 9660 file system. Two folders are read, whatever they refer to. */
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../domain/failures.js';
import { damage, SECTOR } from './bytes.js';

/** Where a file lies in its image, in bytes. */
export interface Extent {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
}

const DESCRIPTOR = 16;
const ROOT_RECORD = 156;
/** A folder of a DVD has some hundred names. */
const MOST_FOLDER = 1024 * 1024;
const IS_FOLDER = 0x02;
const IS_CONTINUED = 0x80;

interface Entry extends Extent {
  readonly flags: number;
}

/**
 * The files in the image's VIDEO_TS folder.
 * @param size of the image in bytes
 * @throws Failure `unsupported` when it is no DVD, `bad-source` when it is cut short
 */
export async function filesInImage(image: FileHandle, size: number, where: string): Promise<Extent[]> {
  const descriptor = await bytesAt(image, DESCRIPTOR * SECTOR, SECTOR, where);
  if (descriptor.toString('latin1', 0, 6) !== '\x01CD001') throw noDvd(where, 'it has no ISO 9660 file system');
  const root = recordAt(descriptor, ROOT_RECORD, where);
  const folder = (await entriesOf(image, root, where)).find(
    ({ name, flags }) => name === 'VIDEO_TS' && (flags & IS_FOLDER) !== 0,
  );
  if (folder === undefined) throw noDvd(where, 'it has no VIDEO_TS folder');
  const files = (await entriesOf(image, folder, where)).filter(({ flags }) => (flags & IS_FOLDER) === 0);
  for (const { name, offset, bytes, flags } of files) {
    if (offset + bytes > size) throw damage(where, `${name} should end at byte ${offset + bytes} of ${size}`);
    if ((flags & IS_CONTINUED) !== 0) throw damage(where, `${name} lies in pieces`);
  }
  return files.map(({ name, offset, bytes }) => ({ name, offset, bytes }));
}

const noDvd = (where: string, evidence: string): Failure =>
  new Failure('unsupported', `${where} is no DVD`, { evidence });

/** Records never cross a sector; the rest of a sector is zeros. */
async function entriesOf(image: FileHandle, { offset, bytes }: Extent, where: string): Promise<Entry[]> {
  if (bytes > MOST_FOLDER) throw damage(where, `a folder has ${bytes} bytes`);
  const folder = await bytesAt(image, offset, bytes, where);
  const entries: Entry[] = [];
  for (let at = 0; at < folder.length;) {
    const length = folder[at] ?? 0;
    if (length === 0) at = (Math.floor(at / SECTOR) + 1) * SECTOR;
    else {
      entries.push(recordAt(folder, at, where));
      at += length;
    }
  }
  return entries;
}

function recordAt(folder: Buffer, at: number, where: string): Entry {
  const length = folder[at] ?? 0;
  const name = folder[at + 32] ?? 0;
  if (length < 34 || at + length > folder.length || 33 + name > length) throw damage(where, 'a folder is cut short');
  return {
    // Files have a version behind their name: `VTS_01_0.IFO;1`.
    name: folder
      .toString('latin1', at + 33, at + 33 + name)
      .replace(/;\d+$/, '')
      .toUpperCase(),
    offset: folder.readUInt32LE(at + 2) * SECTOR,
    bytes: folder.readUInt32LE(at + 10),
    flags: folder[at + 25] ?? 0,
  };
}

async function bytesAt(image: FileHandle, at: number, length: number, where: string): Promise<Buffer> {
  const { buffer, bytesRead } = await image.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead < length) throw damage(where, `it ends before byte ${at + length}`);
  return buffer;
}
