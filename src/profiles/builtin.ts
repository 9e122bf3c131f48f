/** The profiles that come with TAAF, and how names and files of profiles belong together. */
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import { parseProfile } from './parse.js';

export const builtinNames = ['animation-4k', 'live-4k', 'dvd-4k-fast', 'dvd-preview'] as const;

export type BuiltinName = (typeof builtinNames)[number];

export const isBuiltin = (name: string): name is BuiltinName => builtinNames.some((known) => known === name);

/** What the machines of a season have: some built-in profiles take the better engine where it is. */
export interface ProfilePlace {
  /** Windows machines of AWS with the user's Topaz. */
  readonly topaz?: boolean;
}

/** Built-in profiles that have a second text, for machines with Topaz. */
const withTopaz: readonly BuiltinName[] = ['live-4k'];

/** Reads a file's text; undefined where there is none. This room opens no files itself. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** @param assets the package's `assets` folder */
export const builtinPath = (assets: string, name: BuiltinName, { topaz = false }: ProfilePlace = {}): string =>
  `${assets}/profiles/${name}${topaz && withTopaz.includes(name) ? '.topaz' : ''}.yaml`;

/** @throws Failure `tool-missing` when the package is incomplete */
export async function loadBuiltin(
  name: BuiltinName,
  assets: string,
  readText: ReadText,
  place: ProfilePlace = {},
): Promise<Profile> {
  const path = builtinPath(assets, name, place);
  const text = await readText(path);
  if (text === undefined) {
    throw new Failure('tool-missing', `The built-in profile ${name} is missing from the package`, {
      evidence: path,
      next: 'Install the package again',
    });
  }
  return parseProfile(text, name, path);
}
