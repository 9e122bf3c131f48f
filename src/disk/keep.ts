/** Keeps a file under a second name, so that something else may take its place. */
import { constants, copyFile, link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, exists, partOf, replace, syncFile, syncFolder } from './durable.js';
import { NO_LINKS } from './publish.js';

/**
 * The file has both names when this returns, also after a power cut. Where there are no links it is copied.
 * @returns `taken` when there is something called `to` already: then nothing has changed
 */
export async function keepAs(from: string, to: string): Promise<'kept' | 'taken'> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'taken';
    if (!NO_LINKS.has(codeOf(error))) throw error;
    if (await exists(to)) return 'taken';
    await copyWhole(from, to);
  }
  await syncFolder(dirname(to));
  return 'kept';
}

async function copyWhole(from: string, to: string): Promise<void> {
  const part = partOf(to);
  try {
    await copyFile(from, part, constants.COPYFILE_EXCL);
    await syncFile(part);
    await replace(part, to);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
