/** Puts a finished file under its final name: as a whole, flushed, and never over another. */
import { constants, copyFile, link, mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, exists, ignoreMissing, replace, syncFile, syncFolder } from './durable.js';
import { diskFailure } from './failure.js';

/** Codes of a file system that has no hard links. */
export const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

/**
 * Moves `from` to `to`. On another disk it is copied beside its place under a hidden name first, so the final name shows whole files only.
 * @returns `occupied` when `to` exists: then nothing has changed
 * @throws Failure `disk-full`, `output-unwritable` or `permission` naming the folder
 */
export async function publish(from: string, to: string): Promise<'published' | 'occupied'> {
  const folder = dirname(to);
  try {
    await mkdir(folder, { recursive: true });
    await syncFile(from).catch(ignoreMissing);
    if (await exists(to)) return 'occupied';
    const near = await bring(from, partBeside(to));
    const done = await settle(near, to);
    await syncFolder(folder);
    if (done === 'published') await unlink(from).catch(ignoreMissing);
    return done;
  } catch (error) {
    throw diskFailure(error, folder);
  }
}

/**
 * Moves `from` into the place of `to`: one rename, so there is the old file or the new one at any time, and never a part.
 * @param keep called when only that rename is left: keeps the old file elsewhere, or throws where it is not to go
 * @throws Failure `disk-full`, `output-unwritable` or `permission` naming the folder
 */
export async function publishOver(from: string, to: string, keep: () => Promise<void>): Promise<void> {
  const folder = dirname(to);
  try {
    await syncFile(from);
    const near = await bring(from, partBeside(to));
    try {
      await keep();
      await replace(near, to);
    } catch (error) {
      if (near !== from) await rm(near, { force: true });
      throw error;
    }
    await syncFolder(folder);
    if (near !== from) await unlink(from);
  } catch (error) {
    throw diskFailure(error, folder);
  }
}

const partBeside = (to: string): string => join(dirname(to), `.${basename(to).slice(0, 120)}.taaf.part`);

/** The file on the disk of its destination: itself where it is there already, else a flushed copy under `part`. */
async function bring(from: string, part: string): Promise<string> {
  if ((await stat(from)).dev === (await stat(dirname(part))).dev) return from;
  // What an attempt before a crash has left.
  await rm(part, { force: true });
  try {
    await copyFile(from, part, constants.COPYFILE_EXCL);
    await syncFile(part);
    return part;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function settle(near: string, to: string): Promise<'published' | 'occupied'> {
  try {
    // link() refuses an existing name atomically; rename() would replace it.
    await link(near, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'occupied';
    if (!NO_LINKS.has(codeOf(error))) throw error;
    return renameExclusively(near, to);
  }
  await unlink(near);
  return 'published';
}

/** Where there are no links (exFAT, some shares): the name is taken by an empty file of ours, then replaced. */
async function renameExclusively(near: string, to: string): Promise<'published' | 'occupied'> {
  try {
    await (await open(to, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'occupied';
    throw error;
  }
  await rename(near, to);
  return 'published';
}
