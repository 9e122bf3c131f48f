/** A DVD as the files of its VIDEO_TS folder, whether they lie in a folder or in an image. */
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { codeOf } from '../disk/durable.js';
import type { FileIdentity } from '../domain/disc.js';
import { Failure } from '../domain/failures.js';
import { damage } from './bytes.js';
import type { Stretch } from './film.js';
import { filesInImage } from './iso9660.js';

/** A file of VIDEO_TS, and where its bytes are. */
export interface DiscFile extends Stretch {
  /** In capitals: `VTS_01_0.IFO`. */
  readonly name: string;
  /** The file on the computer's disk that this is read from. */
  readonly identity: FileIdentity;
}

export type DiscFiles = ReadonlyMap<string, DiscFile>;

/** IFOs have some hundred kilobytes. */
const MOST_TABLES = 16 * 1024 * 1024;

/**
 * @param folder absolute path of the season's folder
 * @param disc path of the image, or of the folder with VIDEO_TS.IFO, relative to it
 * @throws Failure `unsupported` when the image is no DVD, `bad-source` when it is cut short, `permission`
 */
export async function openDisc(folder: string, disc: string): Promise<DiscFiles> {
  const place = join(folder, disc);
  try {
    const found = await stat(place);
    const files = found.isDirectory()
      ? await filesInFolder(folder, disc)
      : await filesOfImage(place, { path: disc, bytes: found.size, modifiedMs: found.mtimeMs });
    return new Map(files.map((file) => [file.name, file]));
  } catch (error) {
    throw discFailure(error, disc);
  }
}

async function filesInFolder(folder: string, disc: string): Promise<DiscFile[]> {
  const found = await Promise.all(
    (await readdir(join(folder, disc))).map(async (name): Promise<DiscFile[]> => {
      const path = posix.join(disc, name);
      const place = join(folder, path);
      const entry = await lstat(place);
      if (!entry.isFile()) return [];
      const identity = { path, bytes: entry.size, modifiedMs: entry.mtimeMs };
      return [{ name: name.toUpperCase(), place, offset: 0, bytes: entry.size, identity }];
    }),
  );
  return found.flat();
}

async function filesOfImage(place: string, identity: FileIdentity): Promise<DiscFile[]> {
  const image = await open(place);
  try {
    const extents = await filesInImage(image, identity.bytes, identity.path);
    return extents.map((extent) => ({ ...extent, place, identity }));
  } finally {
    await image.close();
  }
}

/**
 * The whole of an IFO.
 * @throws Failure `bad-source` when it is missing or cannot be one
 */
export async function readTables(files: DiscFiles, name: string): Promise<Buffer> {
  const file = files.get(name);
  if (file === undefined) throw damage('The disc', `${name} is missing`);
  if (file.bytes > MOST_TABLES) throw damage(name, `it has ${file.bytes} bytes`);
  return readPiece(file, file.bytes);
}

/**
 * The first bytes of a piece of film or of a table, fewer where it ends.
 * @throws Failure `bad-source` when the disc does not give them (scratches), `permission`
 */
export async function readPiece({ place, offset, bytes }: Stretch, length: number): Promise<Buffer> {
  const wanted = Math.min(length, bytes);
  try {
    const handle = await open(place);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw discFailure(error, place);
  }
}

/** What a system error means; a `Failure` and an unknown error come back as they are. */
function discFailure(error: unknown, place: string): unknown {
  const code = error instanceof Failure ? undefined : codeOf(error);
  if (code === undefined) return error;
  const kind = code === 'EACCES' || code === 'EPERM' ? 'permission' : 'bad-source';
  return new Failure(kind, `${place} cannot be read`, { evidence: code, cause: error });
}
