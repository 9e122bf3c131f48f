/** Profiles by name or path: the built-in ones, the user's own in `profiles/` of the config folder, and any file. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import { builtinNames, isBuiltin, loadBuiltin, type ProfilePlace } from '../profiles/builtin.js';
import { meant } from '../profiles/known-keys.js';
import { parseProfile } from '../profiles/parse.js';

export interface ProfileFolders {
  /** The package's `assets` folder. */
  readonly assets: string;
  /** The user's profiles; it may be missing. */
  readonly own: string;
}

export interface ProfileName {
  readonly name: string;
  /** The file it comes from; absent for a built-in one. */
  readonly file?: string;
}

const ENDINGS: readonly string[] = ['.yaml', '.yml'];

const isPath = (text: string): boolean => text.includes('/') || ENDINGS.includes(extname(text));

/** All profiles that have a name: a file of the user's goes before a built-in one of the same name. */
export async function listProfiles(folders: ProfileFolders): Promise<ProfileName[]> {
  const own = (await ownFiles(folders.own)).map((file) => ({ name: stemOfFile(file), file: join(folders.own, file) }));
  const others = builtinNames.filter((name) => !own.some((profile) => profile.name === name));
  return [...others.map((name) => ({ name })), ...own];
}

/**
 * @param nameOrPath a built-in name, one of the user's own, or the path of a YAML file (relative to the current folder)
 * @param place what the season's machines have; this computer's where it is absent, which has no Topaz
 * @throws Failure `usage` when there is no such profile, or its file is wrong
 */
export async function loadProfile(
  nameOrPath: string,
  folders: ProfileFolders,
  place: ProfilePlace = {},
): Promise<Profile> {
  if (isPath(nameOrPath)) return loadFile(resolve(nameOrPath));
  const known = await listProfiles(folders);
  const found = known.find(({ name }) => name === nameOrPath);
  if (found?.file !== undefined) return loadFile(found.file);
  if (isBuiltin(nameOrPath)) return loadBuiltin(nameOrPath, folders.assets, readText, place);
  const names = known.map(({ name }) => name);
  throw new Failure('usage', `There is no profile "${nameOrPath}"${meant(nameOrPath, names)}`, {
    next: 'See them with: taaf profiles',
  });
}

async function loadFile(path: string): Promise<Profile> {
  const text = await readText(path);
  if (text === undefined)
    throw new Failure('usage', `There is no profile file ${path}`, { next: 'See: taaf profiles' });
  return withModelPath(parseProfile(text, stemOfFile(path), path), dirname(path));
}

/** A model's path is relative to the file that names it. */
function withModelPath(profile: Profile, folder: string): Profile {
  const { upscale } = profile;
  if (upscale.engine !== 'onnx' || isAbsolute(upscale.model)) return profile;
  if (!upscale.model.includes('/') && extname(upscale.model) !== '.onnx') return profile;
  return { ...profile, upscale: { ...upscale, model: resolve(folder, upscale.model) } };
}

const stemOfFile = (path: string): string => basename(path, extname(path));

async function ownFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => !name.startsWith('.') && ENDINGS.includes(extname(name))).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw new Failure('usage', `The profile file ${path} cannot be read`, { evidence: code, cause: error });
  }
}
