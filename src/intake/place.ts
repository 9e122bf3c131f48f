/** Where a season's videos are and where its results go. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, ignoreMissing } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { isDisc, isDiscFolder } from './disc-names.js';

export interface Place {
  /** Real absolute path of what the user named: a folder, a single video or image, or a disc's VIDEO_TS. */
  readonly place: string;
  /** Real absolute path of the folder that the episodes' paths start from. */
  readonly folder: string;
}

/** @throws Failure `usage` when there is nothing at `path`, or it cannot be opened */
export async function findPlace(path: string): Promise<Place> {
  try {
    const place = await realpath(path);
    const isFolder = (await stat(place)).isDirectory();
    // Results belong beside a disc, not into it.
    const isAlone = !isFolder || (isDiscFolder(place) && isDisc(await readdir(place)));
    return { place, folder: isAlone ? dirname(place) : place };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const what = code === 'ENOENT' || code === 'ENOTDIR' ? `There is no ${path}` : `${path} cannot be opened`;
    throw new Failure('usage', what, { evidence: code, next: 'Name a folder with videos, or one video', cause: error });
  }
}

/** Folder for the results unless the user names another one, in the season's own folder. */
export const defaultOut = ({ folder }: Place): string => join(folder, 'upscaled');

/**
 * The real path of the output folder, which may not be there yet.
 * @throws Failure `usage` when it cannot be one: results never lie over or beside a source
 */
export async function findOut(place: Place, asked: string | undefined): Promise<string> {
  const out = await realFolder(asked === undefined ? defaultOut(place) : resolve(asked));
  const there = await stat(out).catch(ignoreMissing);
  const wrong =
    there?.isDirectory() === false ? 'is no folder' : out === place.folder ? 'holds the sources' : undefined;
  if (wrong === undefined) return out;
  throw new Failure('usage', `${out} ${wrong}`, { next: 'Name another folder with --out' });
}

/** The real path of a folder of which only the beginning may be there. */
async function realFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(ignoreMissing);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await realFolder(dirname(path)), basename(path));
}
