/** The profiles that come with TAAF, and how names and files of profiles belong together. */
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import { parseProfile } from './parse.js';

export const builtinNames = ['animation-4k', 'live-4k', 'dvd-4k-fast', 'dvd-preview'] as const;

export type BuiltinName = (typeof builtinNames)[number];

export const isBuiltin = (name: string): name is BuiltinName => builtinNames.some((known) => known === name);

/** Reads a file's text; undefined where there is none. This room opens no files itself. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** @param assets the package's `assets` folder */
export const builtinPath = (assets: string, name: BuiltinName): string => `${assets}/profiles/${name}.yaml`;

/** @throws Failure `tool-missing` when the package is incomplete */
export async function loadBuiltin(name: BuiltinName, assets: string, readText: ReadText): Promise<Profile> {
  const path = builtinPath(assets, name);
  const text = await readText(path);
  if (text === undefined) {
    throw new Failure('tool-missing', `The built-in profile ${name} is missing from the package`, {
      evidence: path,
      next: 'Install the package again',
    });
  }
  return parseProfile(text, name, path);
}
