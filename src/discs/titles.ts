/** All titles of a disc: what its tables say of each, and where its film lies in the VOBs. */
import { Failure } from '../domain/failures.js';
import type { FileIdentity } from '../domain/disc.js';
import { damage, SECTOR } from './bytes.js';
import { openDisc, readTables, type DiscFile, type DiscFiles } from './disc.js';
import { bytesIn, type Stretch } from './film.js';
import type { Cell } from './program-chain.js';
import { playingOf, titleEntries, type Playing, type TitleEntry } from './tables.js';

export interface Title extends TitleEntry, Playing {
  /** Bytes of the packs that it plays. */
  readonly bytes: number;
  /** Its film in the order in which it is played. */
  readonly film: readonly Stretch[];
  readonly files: readonly FileIdentity[];
}

/** A title that cannot be copied, and the reason for people. */
export interface Unplayable {
  readonly number: number;
  readonly reason: string;
}

/**
 * The titles of a disc in its own order.
 * @param disc path relative to the season's folder, as in `openDisc`
 * @throws Failure `bad-source` when the disc as a whole cannot be read; a single title's damage is its own
 */
export async function titlesOf(folder: string, disc: string): Promise<(Title | Unplayable)[]> {
  const files = await openDisc(folder, disc);
  const entries = titleEntries(await readTables(files, 'VIDEO_TS.IFO'), 'VIDEO_TS.IFO');
  return Promise.all(entries.map((entry) => titleOf(files, entry)));
}

async function titleOf(files: DiscFiles, entry: TitleEntry): Promise<Title | Unplayable> {
  const set = `VTS_${String(entry.set).padStart(2, '0')}`;
  const ifo = `${set}_0.IFO`;
  try {
    const playing = playingOf(await readTables(files, ifo), ifo, entry.inSet);
    if (typeof playing === 'string') return { number: entry.number, reason: playing };
    const vobs = vobsOf(files, set);
    const film = playing.cells.flatMap((cell) => stretchesOf(cell, vobs, ifo));
    const read = identitiesOf(files, [ifo, 'VIDEO_TS.IFO'], vobs);
    return { ...entry, ...playing, bytes: bytesIn(film), film, files: read };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { number: entry.number, reason: `${error.message} (${error.evidence ?? ''})` };
  }
}

/** `VTS_01_1.VOB` to `VTS_01_9.VOB`: one program stream, cut into files. */
function vobsOf(files: DiscFiles, set: string): DiscFile[] {
  const vobs: DiscFile[] = [];
  for (let part = 1; part <= 9; part++) {
    const vob = files.get(`${set}_${part}.VOB`);
    if (vob === undefined) break;
    vobs.push(vob);
  }
  return vobs;
}

/** @throws Failure `bad-source` when the cell ends behind the last VOB */
function stretchesOf({ first, last }: Cell, vobs: readonly DiscFile[], where: string): Stretch[] {
  const [begin, end] = [first * SECTOR, (last + 1) * SECTOR];
  const there = vobs.reduce((sum, { bytes }) => sum + bytes, 0);
  if (end > there) throw damage(where, `a cell ends at byte ${end} of the VOBs, which have ${there}`);
  let at = 0;
  return vobs.flatMap(({ place, offset, bytes }) => {
    const [from, to] = [Math.max(begin, at), Math.min(end, at + bytes)];
    const stretch = { place, offset: offset + from - at, bytes: to - from };
    at += bytes;
    return stretch.bytes > 0 ? [stretch] : [];
  });
}

/** Each file once: in an image they are all the same. */
function identitiesOf(files: DiscFiles, tables: readonly string[], vobs: readonly DiscFile[]): FileIdentity[] {
  const read = [...tables.flatMap((name) => files.get(name) ?? []), ...vobs];
  return [...new Map(read.map(({ identity }) => [identity.path, identity])).values()];
}
