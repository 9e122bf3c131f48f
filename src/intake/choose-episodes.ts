/** Which of the videos found are wanted: by number (`--episodes`), and by taaf.yaml's word on single ones. */
import { posix } from 'node:path';
import { Failure } from '../domain/failures.js';
import type { Skipped } from '../domain/season.js';
import { meant } from '../profiles/known-keys.js';
import type { Candidate } from './leave-out.js';
import { checkSelection, parseSelection, selects } from './selection.js';

/** A candidate with its place in the season's natural order, from 1. */
export interface Numbered extends Candidate {
  readonly number: number;
}

/** What taaf.yaml says about one episode. */
export interface EpisodeOverride {
  readonly profile?: string | undefined;
  readonly skip?: boolean | undefined;
  /** Its number, or its numbers in rising order, in the show's season. */
  readonly number?: number | readonly number[] | undefined;
  readonly title?: string | undefined;
}

/** Overrides by the stem of the source, or by its path without the ending where the stem alone is not enough. */
export type Overrides = Readonly<Record<string, EpisodeOverride>>;

export interface Chosen {
  readonly wanted: readonly Numbered[];
  readonly left: readonly Skipped[];
}

type Named = Pick<Candidate, 'path' | 'stem'>;

/** Names that taaf.yaml may use for a source, the more precise one first. */
const namesOf = ({ path, stem }: Named): string[] => [posix.join(posix.dirname(path), stem), stem];

export function overrideOf(source: Named, overrides: Overrides): EpisodeOverride {
  const name = namesOf(source).find((one) => Object.hasOwn(overrides, one));
  return (name === undefined ? undefined : overrides[name]) ?? {};
}

/** Whether taaf.yaml says anything about a source. */
export const isNamed = (source: Named, overrides: Overrides): boolean =>
  namesOf(source).some((name) => Object.hasOwn(overrides, name));

/**
 * A number stays with its file whatever is chosen, so that it means the same in every command.
 * @throws Failure `usage` for a number or a name that the season does not have
 */
export function chooseEpisodes(
  found: readonly Candidate[],
  episodes: string | undefined,
  overrides: Overrides,
): Chosen {
  checkNames(found, Object.keys(overrides));
  const selection = episodes === undefined ? undefined : parseSelection(episodes);
  if (selection) checkSelection(selection, found.length);
  const reasonOf = (candidate: Numbered): string | undefined => {
    if (selection && !selects(selection, candidate.number)) return `not among --episodes ${episodes ?? ''}`;
    return overrideOf(candidate, overrides).skip ? 'skip: true in taaf.yaml' : undefined;
  };
  const numbered = found.map((candidate, index) => ({ ...candidate, number: index + 1 }));
  return {
    wanted: numbered.filter((candidate) => reasonOf(candidate) === undefined),
    left: numbered.flatMap((candidate) => {
      const reason = reasonOf(candidate);
      return reason === undefined ? [] : [{ path: candidate.path, reason }];
    }),
  };
}

function checkNames(found: readonly Candidate[], names: readonly string[]): void {
  const stems = new Set(found.flatMap(namesOf));
  const unknown = names.find((name) => !stems.has(name));
  if (unknown === undefined) return;
  throw new Failure('usage', `taaf.yaml names an episode "${unknown}" that is not there${meant(unknown, [...stems])}`, {
    next: 'Write the name of the file without its ending, or of a title as `taaf plan` shows it',
  });
}
