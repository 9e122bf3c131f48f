/** The tables of a DVD that say which titles it has: VIDEO_TS.IFO and the IFO of each title set. Pure. */
import { bytesOf, damage, SECTOR, type Bytes } from './bytes.js';
import { programChain, type Cell, type ProgramChain } from './program-chain.js';

/** What VIDEO_TS.IFO says of a title. */
export interface TitleEntry {
  /** As DVD players count, from 1. */
  readonly number: number;
  /** Number of the title set, and of the title inside it. */
  readonly set: number;
  readonly inSet: number;
}

/** What a title plays. */
export interface Playing {
  readonly cells: readonly Cell[];
  readonly seconds: number;
  /** Seconds at which its chapters begin. */
  readonly chapters: readonly number[];
  /** For each sound in the order of the disc, whether it is PCM. */
  readonly pcm: readonly boolean[];
}

const MOST_TITLES = 99;
/** Where a title set describes its sounds, 8 bytes each, and its number for PCM. */
const SOUNDS = 0x204;
const PCM = 4;

/** @throws Failure `bad-source` when this is no such table, or it points out of itself */
export function titleEntries(ifo: Buffer, where: string): TitleEntry[] {
  const table = tableOf(ifo, where, 'DVDVIDEO-VMG', 0xc4);
  const count = counted(table, MOST_TITLES, where);
  return Array.from({ length: count }, (_, i) => {
    const entry = table.from(8 + i * 12);
    return { number: i + 1, set: entry.u8(6), inSet: entry.u8(7) };
  });
}

/**
 * What a title of a title set plays. Only titles that play one program chain to its end and in its order can be copied;
 * of others a word says why not.
 * @throws Failure `bad-source` when the tables are damaged
 */
export function playingOf(ifo: Buffer, where: string, inSet: number): Playing | string {
  const titles = chaptersOfAll(tableOf(ifo, where, 'DVDVIDEO-VTS', 0xc8), where);
  const chapters = titles[inSet - 1] ?? [];
  const [first] = chapters;
  if (first === undefined) throw damage(where, `title ${inSet} has no chapter`);
  if (chapters.some(({ chain }) => chain !== first.chain)) return 'its chapters lie in several program chains';
  // A reader that begins there cannot tell the two apart.
  if (titles.some(([other]) => other?.chain === first.chain && other.program < first.program)) {
    return 'it begins in the middle of another title';
  }
  const chain = chainOf(tableOf(ifo, where, 'DVDVIDEO-VTS', 0xcc), first.chain, where);
  if (chain.shuffled) return 'its programs are shuffled';
  const [begin = 0, ...others] = chapters.map(({ program }) => firstCellOf(chain, program, where));
  if (begin >= chain.cells.length) return 'it plays nothing';
  const set = bytesOf(ifo, where);
  return {
    cells: chain.cells.slice(begin),
    seconds: secondsOf(chain.cells.slice(begin)),
    chapters: [begin, ...others].map((cell) => secondsOf(chain.cells.slice(begin, cell))),
    pcm: chain.sounds.flatMap((played, i) => (played ? [set.u8(SOUNDS + 8 * i) >> 5 === PCM] : [])),
  };
}

function chainOf(chains: Bytes, number: number, where: string): ProgramChain {
  if (number < 1 || number > chains.u16(0)) throw damage(where, `there is no program chain ${number}`);
  return programChain(chains.from(chains.u32(number * 8 + 4)), where);
}

function firstCellOf({ programs }: ProgramChain, program: number, where: string): number {
  const cell = programs[program - 1];
  if (cell === undefined) throw damage(where, `a chapter begins with program ${program} of ${programs.length}`);
  return cell;
}

const secondsOf = (cells: readonly Cell[]): number => cells.reduce((sum, { seconds }) => sum + seconds, 0);

interface Chapter {
  readonly chain: number;
  readonly program: number;
}

/** The chapters of every title of the set. */
const chaptersOfAll = (table: Bytes, where: string): Chapter[][] =>
  Array.from({ length: counted(table, MOST_TITLES, where) }, (_, i) => chaptersOf(table, i + 1, where));

/** A title's chapters lie between its offset and the next one's. */
function chaptersOf(table: Bytes, inSet: number, where: string): Chapter[] {
  const begin = table.u32(4 + inSet * 4);
  const end = inSet === table.u16(0) ? table.u32(4) + 1 : table.u32(8 + inSet * 4);
  const chapters = Math.floor((end - begin) / 4);
  if (chapters < 0 || chapters > 999) throw damage(where, `title ${inSet} has ${chapters} chapters`);
  return Array.from({ length: chapters }, (_, i) => {
    const entry = table.from(begin + i * 4);
    return { chain: entry.u16(0), program: entry.u16(2) };
  });
}

/** A table of an IFO, by the place of its sector number. */
function tableOf(ifo: Buffer, where: string, kind: string, pointer: number): Bytes {
  const bytes = bytesOf(ifo, where);
  if (bytes.text(0, kind.length) !== kind) throw damage(where, `it does not begin with ${kind}`);
  return bytes.from(bytes.u32(pointer) * SECTOR);
}

function counted(table: Bytes, most: number, where: string): number {
  const count = table.u16(0);
  if (count > most) throw damage(where, `it has ${count} titles`);
  return count;
}
