/** The episodes on a season's discs: every title is either taken or left out with the reason. */
import { posix } from 'node:path';
import type { Origin } from '../domain/disc.js';
import { Failure } from '../domain/failures.js';
import { reasonsAgainst } from './choose-titles.js';
import { titlesOf, type Title, type Unplayable } from './titles.js';

/** A disc that was found in the season's folder. */
export interface FoundDisc {
  /** The image, or the folder with VIDEO_TS.IFO, relative to the season's folder. */
  readonly path: string;
  /** What people call it, with the folders above it: `box/disc1`. */
  readonly name: string;
}

/** A title that may be an episode. */
export interface FoundTitle {
  /** `box/disc1 t03`: the disc's name and the title's number. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly origin: Origin;
}

export interface FoundTitles {
  readonly titles: readonly FoundTitle[];
  readonly left: readonly { readonly path: string; readonly reason: string }[];
}

/** `disc1 t03`, as MakeMKV numbers its files. */
const pathOf = (name: string, title: number): string => `${name} t${String(title).padStart(2, '0')}`;

/**
 * Reads all discs. A disc that cannot be read is left out as a whole.
 * @param named whether the user has named a title by its path: then it is taken, whatever it looks like
 */
export async function findTitles(
  folder: string,
  discs: readonly FoundDisc[],
  named: (path: string) => boolean,
): Promise<FoundTitles> {
  const read = await Promise.all(discs.map(async (disc) => ({ disc, titles: await titlesOrReason(folder, disc) })));
  const playable = read.flatMap(({ disc, titles }) =>
    typeof titles === 'string' ? [] : titles.filter(isTitle).map((title) => ({ disc: disc.path, title })),
  );
  const reasons = reasonsAgainst(playable);
  const titles: FoundTitle[] = [];
  const left: { path: string; reason: string }[] = [];
  for (const { disc, titles: all } of read) {
    if (typeof all === 'string') left.push({ path: disc.path, reason: all });
    else
      for (const title of all) {
        const path = pathOf(disc.name, title.number);
        const reason = isTitle(title) ? reasons.get(title) : title.reason;
        if (isTitle(title) && (reason === undefined || named(path))) titles.push(found(disc, path, title));
        else left.push({ path, reason: reason ?? '' });
      }
  }
  return { titles, left };
}

const isTitle = (title: Title | Unplayable): title is Title => 'film' in title;

async function titlesOrReason(folder: string, { path }: FoundDisc): Promise<(Title | Unplayable)[] | string> {
  try {
    return await titlesOf(folder, path);
  } catch (error) {
    // The path stands beside the reason already.
    if (error instanceof Failure) return `${error.message} (${error.evidence ?? ''})`.replaceAll(`${path} `, '');
    throw error;
  }
}

function found({ path: disc }: FoundDisc, path: string, { number, bytes, files }: Title): FoundTitle {
  const origin: Origin = { kind: 'title', disc: posix.normalize(disc), title: number, files };
  return { path, bytes, modifiedMs: Math.max(...files.map(({ modifiedMs }) => modifiedMs)), origin };
}
