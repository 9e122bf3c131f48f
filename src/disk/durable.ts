/** Files that survive a power cut: written beside their place, flushed, renamed, and the folder flushed too. */
import { randomUUID } from 'node:crypto';
import { constants, link, mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Name for a file in the making, in the folder of its final place: a rename never crosses a file system. */
export const partOf = (path: string): string => join(dirname(path), `.${randomUUID()}.part`);

/** Flushes a folder's entries to the disk: a rename without it may be undone by a power cut. NTFS keeps a journal of them, and flushes no folder. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes a file's bytes to the disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Windows refuses to replace a file that a virus scanner or an indexer has open: for so many milliseconds, with a pause between two tries. */
const BUSY_MS = 10_000;
const BUSY_PAUSE_MS = 50;
const BUSY: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Renames a file over another, if there is one. */
export async function replace(from: string, to: string): Promise<void> {
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const mayPass = process.platform === 'win32' && BUSY.has(codeOf(error)) && performance.now() < deadline;
      if (!mayPass) throw error;
    }
    await setTimeout(BUSY_PAUSE_MS);
  }
}

/** Replaces the file's content as a whole. @param mode who may read it: without a word only its owner */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = partOf(path);
  try {
    await writePart(part, bytes, mode);
    await replace(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Creates the file if there is none; of all concurrent callers one is told `created`, and nobody ever sees half of it. */
export async function createDurably(path: string, bytes: Uint8Array | string): Promise<'created' | 'exists'> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = partOf(path);
  try {
    await writePart(part, bytes);
    // link() refuses an existing name atomically; rename() would replace it.
    await link(part, path);
    await syncFolder(dirname(path));
    return 'created';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'exists';
    throw error;
  } finally {
    await unlink(part).catch(ignoreMissing);
  }
}

async function writePart(part: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  const handle = await open(part, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** The errno name of a system error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** For clean-up of what may be gone already. */
export function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

/** Whether there is something of this name. */
export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(ignoreMissing)) !== undefined;
