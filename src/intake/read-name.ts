/** What a source's name says about its episode: `Show - S01E03 - Title`, `show.1x03`. Pure. */
import { filenameParse } from '@ctrl/video-filename-parser';

export interface ReadName {
  readonly show: string;
  readonly season: number;
  readonly episodes: readonly number[];
  readonly title: string;
}

/** Names that rippers and discs give by the title's number: `title_t03`, `B1_t03`, `disc1 t03`, `VTS_01`, `VTS_01_1`. */
const BY_TITLE = /(?:^|[ _-])t\d{2,3}$|^VTS_\d\d(?:_\d)?$/i;

/** Where the numbers stand: `S01E03`, `s01e01e02`, `S01E01-E02`, `1x03`. */
const TAG =
  /(?<![a-z0-9])(?:s\d{1,3}[ ._-]?(?:[-._ ]?e\d{1,4})+(?:-\d{1,4})?|\d{1,2}x\d{2,3}(?:[-x]{1,2}\d{2,3})*)(?![a-z0-9])/i;
/** Spelled out, as in `Season 1 Episode 3`. */
const IN_WORDS = /season.*episode/i;
/** Separators, and what is left of the brackets around the numbers. */
const EDGES = /^[- ._)\]]+|[- ._([]+$/g;
/** What may follow a title: words of the file's picture and source. */
const RELEASE =
  /[ ([](?:\d{3,4}[ip]|ntsc|dvd(?:rip|[59])|web-?(?:rip|dl)|b[dr]rip|bluray|hdtv|[xh][ .]?26[45]|xvid)(?![a-z0-9]).*$/i;

/** Whether a name tells only the place on its disc, so that the number follows from the order. */
export const isNamedByTitle = (stem: string): boolean => BY_TITLE.test(stem);

/** The numbers, and the words before and behind them; undefined where the name has no season and episode. */
export function readName(stem: string): ReadName | undefined {
  if (isNamedByTitle(stem)) return undefined;
  const tag = TAG.exec(stem);
  if (tag === null) return IN_WORDS.test(stem) ? readWords(stem) : undefined;
  const [season = 0, ...episodes] = (tag[0].match(/\d+/g) ?? []).map(Number);
  const title = ` ${spaced(stem.slice(tag.index + tag[0].length))}`.replace(RELEASE, '').trim();
  return { show: spaced(stem.slice(0, tag.index)), season, episodes: episodes.sort((a, b) => a - b), title };
}

/** Names without such words are not given to the parser: it takes `Channel.102` for the second episode of a first season. */
function readWords(stem: string): ReadName | undefined {
  const parsed = filenameParse(stem, true);
  if (!('seasons' in parsed)) return undefined;
  const { title: show, seasons, episodeNumbers } = parsed;
  const [season] = seasons;
  if (season === undefined || seasons.length > 1 || episodeNumbers.length === 0) return undefined;
  return { show, season, episodes: [...episodeNumbers].sort((a, b) => a - b), title: '' };
}

/** Words joined by dots or underscores get blanks; dots of a name that has blanks are its own. */
function spaced(text: string): string {
  const trimmed = text.replace(EDGES, '');
  return trimmed.includes(' ') ? trimmed : trimmed.replace(/[._]+/g, ' ');
}
