/** How DVDs are recognised by the names of their files, and what people call them. Pure. */
import { posix } from 'node:path';
import type { FoundDisc } from '../discs/find.js';

const FILE_OF_DISC = /^(VIDEO_TS|VTS_\d\d_\d)\.(IFO|BUP|VOB)$/i;
const TABLES = /^VIDEO_TS\.IFO$/i;
const FOLDER = /^VIDEO_TS$/i;
const IMAGE = /\.iso$/i;

/** Whether a file belongs to the disc in whose folder it lies. */
export const isOfDisc = (name: string): boolean => FILE_OF_DISC.test(name);

/** Whether these are the names of a DVD's files. */
export const isDisc = (names: readonly string[]): boolean => names.some((name) => TABLES.test(name));

/** The folder in which a DVD has its files. */
export const isDiscFolder = (path: string): boolean => FOLDER.test(posix.basename(path));

export const isImage = (path: string): boolean => IMAGE.test(path);

export const discOfImage = (path: string): FoundDisc => ({ path, name: path.replace(IMAGE, '') });

/**
 * The disc whose files lie in a folder. It is called as the folder that holds VIDEO_TS.
 * @param root absolute path of the season's folder
 * @param folder relative to it; empty for the folder itself
 */
export function discInFolder(root: string, folder: string, names: readonly string[]): FoundDisc | undefined {
  if (!isDisc(names)) return undefined;
  const path = posix.normalize(folder);
  const holder = isDiscFolder(path) ? posix.dirname(path) : path;
  return { path, name: holder === '.' ? posix.basename(root) : holder };
}
