/** Reads a season's folder: which files may be episodes, which are discs, in natural order, and why the others are neither. */
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { codeOf } from '../disk/durable.js';
import type { FoundDisc } from '../discs/find.js';
import type { Skipped } from '../domain/season.js';
import { discInFolder, discOfImage, isImage, isOfDisc } from './disc-names.js';
import { leaveOutSamples, reasonByName, type Candidate } from './leave-out.js';
import { naturally } from './order.js';
import { stemOf } from './outputs.js';
import type { Place } from './place.js';
import { joinVobs } from './vob-sets.js';

export interface Scan {
  readonly candidates: readonly Candidate[];
  /** Not opened yet. */
  readonly discs: readonly FoundDisc[];
  readonly skipped: readonly Skipped[];
}

interface Search {
  readonly root: string;
  /** Real absolute paths of folders that hold results. */
  readonly own: readonly string[];
  readonly candidates: Candidate[];
  readonly discs: FoundDisc[];
  readonly skipped: Skipped[];
}

/** Files that belong to TAAF and need no mention. */
const SETTINGS = 'taaf.yaml';

/** @param own real absolute paths of folders that hold TAAF's results */
export async function scan({ place, folder }: Place, own: readonly string[]): Promise<Scan> {
  const search: Search = { root: folder, own, candidates: [], discs: [], skipped: [] };
  if (place === folder) await readFolder(search, '');
  else await readEntry(search, basename(place));
  const { kept, skipped } = leaveOutSamples(joinVobs(search.candidates));
  return {
    discs: search.discs.sort((a, b) => naturally(a.name, b.name)),
    candidates: kept.sort((a, b) => naturally(a.path, b.path)),
    skipped: [...search.skipped, ...skipped].sort((a, b) => naturally(a.path, b.path)),
  };
}

async function readFolder(search: Search, folder: string): Promise<void> {
  const names = await readdir(join(search.root, folder)).catch((error: unknown) => {
    if (folder === '' || codeOf(error) === undefined) throw error;
    leave(search, `${folder}/`, `cannot be read (${codeOf(error) ?? ''})`);
    return [];
  });
  const disc = discInFolder(search.root, folder, names);
  if (disc) search.discs.push(disc);
  for (const name of disc ? names.filter((one) => !isOfDisc(one)) : names)
    await readEntry(search, folder === '' ? name : `${folder}/${name}`);
}

async function readEntry(search: Search, path: string): Promise<void> {
  const place = join(search.root, path);
  try {
    const entry = await lstat(place);
    if (entry.isSymbolicLink()) leave(search, path, await reasonOfLink(search.root, place));
    else if (entry.isDirectory()) await enter(search, path);
    else if (entry.isFile()) await consider(search, path, entry);
    else leave(search, path, 'not a regular file');
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    // A name that is not valid UTF-8 reads back with replacement characters, and no file has that name.
    leave(search, path, path.includes('\uFFFD') ? 'its name is not valid UTF-8' : `cannot be read (${code})`);
  }
}

async function enter(search: Search, path: string): Promise<void> {
  if (search.own.includes(join(search.root, path))) leave(search, `${path}/`, "TAAF's own results");
  else if (basename(path).startsWith('.')) leave(search, `${path}/`, 'hidden folder');
  else await readFolder(search, path);
}

async function consider(search: Search, path: string, entry: { size: number; mtimeMs: number }): Promise<void> {
  if (path === SETTINGS) return;
  const byName = isImage(path) ? undefined : reasonByName(basename(path));
  const reason = byName ?? (entry.size === 0 ? 'empty file' : undefined);
  if (reason !== undefined) {
    leave(search, path, reason);
    return;
  }
  if (isImage(path)) {
    search.discs.push(discOfImage(path));
    return;
  }
  // Opened, since only this tells for certain that it can be.
  await (await open(join(search.root, path))).close();
  search.candidates.push({ path, stem: stemOf(path), bytes: entry.size, modifiedMs: entry.mtimeMs });
}

/** Links are never followed: one into the folder would show a file twice, one out of it what the user did not name. */
async function reasonOfLink(root: string, place: string): Promise<string> {
  const target = await readlink(place);
  const real = await realpath(place).catch(() => undefined);
  if (real === undefined) return `link to nothing (${target})`;
  const inside = real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  return inside ? `link to ${relative(root, real) || 'the folder itself'}` : `link out of the folder (${target})`;
}

const leave = (search: Search, path: string, reason: string): void => void search.skipped.push({ path, reason });
