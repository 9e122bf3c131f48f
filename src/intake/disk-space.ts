/** How much room there is where files will be. */
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ignoreMissing } from '../disk/durable.js';

export interface Disk {
  /** A folder on it, for messages. */
  readonly folder: string;
  readonly freeBytes: number;
  /** Number of the file system: equal for folders that share their room. */
  readonly device: number;
}

/** The disk of a folder that may not be there yet. */
export async function diskOf(folder: string): Promise<Disk> {
  const there = await stat(folder).catch(ignoreMissing);
  if (!there) return { ...(await diskOf(dirname(folder))), folder };
  const { bavail, bsize } = await statfs(folder);
  return { folder, freeBytes: bavail * bsize, device: there.dev };
}
