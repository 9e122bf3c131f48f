/** Where older results go when newer ones take their places: into `.taaf/replaced`, from where TAAF removes nothing. */
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import { sha256OfFile } from '../disk/hash.js';
import { keepAs } from '../disk/keep.js';
import type { RecipeLock } from '../domain/recipe-lock.js';
import { ownFolder } from './recipe-locks.js';

/**
 * Gives a result a second name that says its recipe; its own name is free to be taken then. Again, it finds what it has done.
 * @returns the second name
 * @throws Failure `disk-full`, `output-unwritable` or `permission` naming the folder
 */
export async function keepReplaced(out: string, { output, recipe, result }: RecipeLock): Promise<string> {
  const folder = join(ownFolder(out), 'replaced');
  const name = shortName(output);
  try {
    await mkdir(folder, { recursive: true });
    for (let copy = 1; ; copy++) {
      const to = join(folder, `${name} ${recipe}${copy === 1 ? '' : ` (${copy})`}.mkv`);
      if ((await keepAs(join(out, output), to)) === 'kept' || (await isSame(to, result))) {
        for (const parent of [dirname(folder), out]) await syncFolder(parent);
        return to;
      }
    }
  } catch (error) {
    throw diskFailure(error, folder);
  }
}

/** Most characters of a result's name: with four bytes each, recipe and ending fit into 255 still. */
const LONGEST = 50;
const shortName = (output: string): string => Array.from(basename(output, '.mkv')).slice(0, LONGEST).join('');

async function isSame(path: string, { bytes, sha256 }: RecipeLock['result']): Promise<boolean> {
  return (await stat(path)).size === bytes && (await sha256OfFile(path)) === sha256;
}
