/** What people call a season or an episode → which one they mean. Pure: the lists are given. */
import { basename, isAbsolute, resolve } from 'node:path';
import { Failure } from '../domain/failures.js';
import type { EpisodeId, SeasonId } from '../domain/ids.js';
import { didYouMean } from './suggest.js';

export interface NamedEpisode {
  readonly id: EpisodeId;
  readonly number: number;
  readonly stem: string;
  /** Relative to the season's folder. */
  readonly path: string;
}

/** Lists of seasons begin with the newest. */
export interface NamedSeason {
  readonly id: SeasonId;
  readonly title: string;
  readonly folder: string;
  /** Something of it is still to be done. */
  readonly open: boolean;
  readonly episodes: readonly NamedEpisode[];
}

export interface FoundEpisode {
  readonly season: NamedSeason;
  readonly episode: NamedEpisode;
}

/** File names come decomposed from some disks and composed from keyboards. */
const plain = (text: string): string => text.normalize('NFC').replace(/^(\.\/)+(?=-)/, '');

/**
 * A season by id, title, folder or unique beginning of its id; without a name the only open season, or the newest where none is open.
 * @throws Failure `usage` that lists the candidates
 */
export function seasonNamed(text: string | undefined, seasons: readonly NamedSeason[], cwd: string): NamedSeason {
  if (text === undefined) return theOnly(seasons);
  const found = seasonsNamed(text, seasons, cwd);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only)
    throw ambiguous(
      text,
      found.map(({ id }) => id),
    );
  throw unknown(
    'season',
    text,
    seasons.map(({ id }) => id),
  );
}

/** Everything that a season's name may mean. */
export function seasonsNamed(text: string, seasons: readonly NamedSeason[], cwd: string): readonly NamedSeason[] {
  const name = plain(text);
  const path = isAbsolute(text) ? resolve(text) : resolve(cwd, text);
  const exact = seasons.filter(({ id, folder }) => id === name || plain(folder) === plain(path));
  if (exact.length > 0) return exact;
  const titled = seasons.filter(({ title }) => plain(title) === name);
  return titled.length > 0 ? titled : seasons.filter(({ id }) => name !== '' && id.startsWith(name));
}

/** The only open season; where none is open, the newest. */
function theOnly(seasons: readonly NamedSeason[]): NamedSeason {
  const open = seasons.filter((season) => season.open);
  const [first, ...others] = open.length > 0 ? open : seasons.slice(0, 1);
  if (first === undefined)
    throw new Failure('usage', 'There is no season yet', { next: 'Start one with: taaf submit <folder>' });
  if (others.length === 0) return first;
  const ids = open.map(({ id }) => id).join(', ');
  throw new Failure('usage', `Which season? There are ${open.length} open ones: ${ids}`, {
    next: 'Name one of them; `taaf list` says more',
  });
}

/**
 * What may be a season or an episode.
 * @throws Failure `usage` that lists the candidates
 */
export function seasonOrEpisodeNamed(
  text: string,
  seasons: readonly NamedSeason[],
  cwd: string,
): NamedSeason | FoundEpisode {
  const both = [...seasonsNamed(text, seasons, cwd), ...episodesNamed(text, seasons, cwd)];
  const [only, ...others] = both;
  if (only && others.length === 0) return only;
  if (only)
    throw ambiguous(
      text,
      both.map((one) => ('episode' in one ? fullName(one) : one.id)),
    );
  throw unknown(
    'season or episode',
    text,
    seasons.flatMap(({ id, episodes }) => [id, ...episodes.map(({ stem }) => stem)]),
  );
}

/**
 * An episode by stem, file name, number, id, or `season/stem`. Open seasons go before finished ones.
 * @throws Failure `usage` that lists the candidates
 */
export function episodeNamed(text: string, seasons: readonly NamedSeason[], cwd: string): FoundEpisode {
  const found = episodesNamed(text, seasons, cwd);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only) throw ambiguous(text, found.map(fullName));
  throw unknown(
    'episode',
    text,
    seasons.flatMap(({ episodes }) => episodes.map(({ stem }) => stem)),
  );
}

/** Everything that an episode's name may mean. */
export function episodesNamed(text: string, seasons: readonly NamedSeason[], cwd: string): readonly FoundEpisode[] {
  const slash = text.lastIndexOf('/');
  const inSeason = slash > 0 ? seasonsNamed(text.slice(0, slash), seasons, cwd) : [];
  if (inSeason.length > 0) return within(inSeason, text.slice(slash + 1));
  const open = within(
    seasons.filter((season) => season.open),
    text,
  );
  return open.length > 0 ? open : within(seasons, text);
}

/** Names go before numbers: an episode may be called `3`. */
function within(seasons: readonly NamedSeason[], text: string): readonly FoundEpisode[] {
  const name = plain(text);
  const all = seasons.flatMap((season) => season.episodes.map((episode) => ({ season, episode })));
  const named = all.filter(({ episode }) =>
    [episode.stem, episode.id, episode.path, basename(episode.path)].some((candidate) => plain(candidate) === name),
  );
  if (named.length > 0) return named;
  const number = /^e?0*(\d{1,4})$/i.exec(name)?.[1];
  return number === undefined ? [] : all.filter(({ episode }) => episode.number === Number(number));
}

/** The name that means one episode whatever else there is. */
export const fullName = ({ season, episode }: FoundEpisode): string => `${season.id}/${episode.stem}`;

const ambiguous = (text: string, candidates: readonly string[]): Failure =>
  new Failure('usage', `"${text}" may mean ${candidates.length}: ${candidates.join(', ')}`, {
    next: 'Use one of these names in full',
  });

const unknown = (noun: string, text: string, known: readonly string[]): Failure =>
  new Failure('usage', `No ${noun} is called "${text}"`, {
    next: known.length === 0 ? 'Start one with: taaf submit <folder>' : didYouMean(text, known.slice(0, 20)),
  });
