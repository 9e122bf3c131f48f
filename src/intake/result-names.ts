/** What the results are called where show, season and number are known. Numbers follow the whole folder, whatever is chosen of it. Pure. */
import filenamify from 'filenamify';
import { DEFAULT_NAME, filledTemplate } from '../domain/name-template.js';
import { overrideOf, type Overrides } from './choose-episodes.js';
import type { Candidate } from './leave-out.js';
import { isNamedByTitle, readName } from './read-name.js';

/** taaf.yaml's word on the whole season. */
export interface Naming {
  readonly show?: string | undefined;
  readonly season?: number | undefined;
  /** Template of the names. */
  readonly name?: string | undefined;
}

/** Longest name that any file system has; the bytes are counted where the ending is added. */
const LONGEST = 255;

/**
 * Names without ending, by the sources' paths; a source that is not in it keeps its own.
 * @param found all sources in natural order
 */
export function resultNames(
  found: readonly Candidate[],
  overrides: Overrides,
  { show, season, name = DEFAULT_NAME }: Naming,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let last = 0;
  for (const source of found) {
    const { number, title, skip } = overrideOf(source, overrides);
    const read = readName(source.stem);
    // A skipped title is no episode: it has no number either.
    const next =
      isNamedByTitle(source.stem) && show !== undefined && season !== undefined && !skip ? [last + 1] : undefined;
    const episodes = number === undefined ? (read?.episodes ?? next) : [number].flat();
    const facts = { show: show ?? read?.show ?? '', season: season ?? read?.season, title: title ?? read?.title ?? '' };
    last = episodes?.at(-1) ?? last;
    if (facts.show === '' || facts.season === undefined || episodes === undefined) continue;
    const filled = filledTemplate(name, { ...facts, season: facts.season, episodes });
    names.set(source.path, filenamify(filled, { replacement: '-', maxLength: LONGEST }));
  }
  return names;
}
