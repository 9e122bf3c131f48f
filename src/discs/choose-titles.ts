/** Which titles of a season's discs are episodes, and what the others are. Pure. */
import type { Title } from './titles.js';

/** What choosing needs to know of a title. */
export type Choosable = Pick<Title, 'number' | 'set' | 'cells' | 'seconds'>;

/** A title with the disc that it is on. */
export interface OnDisc<T extends Choosable> {
  readonly disc: string;
  readonly title: T;
}

/** A title shorter than this share of the usual length is an extra. */
const SHORT_SHARE = 0.5;
/** Of the cells of an episode so much is in the title that plays all: it may leave out opening and closing titles. */
const PLAYED_SHARE = 0.5;

/**
 * Why titles are no episodes, by title; those that are not in it are episodes.
 * @param titles of all discs of a season: the usual length is the season's
 */
export function reasonsAgainst<T extends Choosable>(titles: readonly OnDisc<T>[]): ReadonlyMap<T, string> {
  const reasons = new Map<T, string>();
  const open = (): OnDisc<T>[] => titles.filter(({ title }) => !reasons.has(title));
  for (const one of titles) {
    const first = open().find((other) => other.title.number < one.title.number && playSame(one, other));
    if (first) reasons.set(one.title, `plays the same as title ${first.title.number}`);
  }
  const distinct = open();
  const short = shortTitles(
    distinct,
    distinct.filter((one) => playedBy(one, distinct).length < 2),
  );
  for (const one of distinct) {
    const played = playedBy(one, distinct).filter(({ title }) => !short.has(title));
    if (played.length > 1) reasons.set(one.title, `plays titles ${list(played.map(({ title }) => title.number))}`);
    else if (short.has(one.title)) reasons.set(one.title, `an extra of ${clock(one.title.seconds)}`);
  }
  return reasons;
}

/** Titles that are much shorter than the usual length: the one of the title in which half of all the time has passed. */
function shortTitles<T extends Choosable>(all: readonly OnDisc<T>[], measured: readonly OnDisc<T>[]): ReadonlySet<T> {
  const lengths = measured.map(({ title }) => title.seconds).sort((a, b) => b - a);
  const half = lengths.reduce((sum, seconds) => sum + seconds, 0) / 2;
  let passed = 0;
  const usual = lengths.find((seconds) => (passed += seconds) >= half) ?? 0;
  return new Set(all.map(({ title }) => title).filter(({ seconds }) => seconds < usual * SHORT_SHARE));
}

const keysOf = ({ set, cells }: Choosable): string[] => cells.map(({ vob, id }) => `${set}/${vob}/${id}`);

const playSame = <T extends Choosable>(a: OnDisc<T>, b: OnDisc<T>): boolean =>
  a.disc === b.disc && keysOf(a.title).join() === keysOf(b.title).join();

/** The shorter titles of which most is in this one too. */
function playedBy<T extends Choosable>(one: OnDisc<T>, all: readonly OnDisc<T>[]): OnDisc<T>[] {
  const own = new Set(keysOf(one.title));
  return all.filter(({ disc, title }) => {
    if (disc !== one.disc || title === one.title || title.seconds >= one.title.seconds) return false;
    const shared = title.cells.filter(({ vob, id }) => own.has(`${title.set}/${vob}/${id}`));
    return shared.reduce((sum, { seconds }) => sum + seconds, 0) > title.seconds * PLAYED_SHARE;
  });
}

/** `2 and 3`, `2, 3 and 4`. */
const list = (numbers: readonly number[]): string =>
  numbers.length < 2 ? numbers.join() : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1) ?? ''}`;

/** `1:02` as on a player. */
const clock = (seconds: number): string => {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};
