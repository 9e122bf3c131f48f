/** Profiles as people name them, with a word to users of the AWS command line, who mean something else by `--profile`. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { taafPaths, type Env } from '../config/paths.js';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import type { ProfilePlace } from '../profiles/builtin.js';
import { loadProfile, type ProfileFolders } from '../intake/catalog.js';

/** Where profiles with a name lie. */
export const profileFolders = (env: Env): ProfileFolders => ({
  assets: join(packageRoot(), 'assets'),
  own: join(taafPaths(env).config, 'profiles'),
});

/**
 * @param place what the season's machines have
 * @throws Failure `usage` when there is no such profile, or its file is wrong
 */
export async function profileNamed(
  name: string,
  { env, cwd }: { readonly env: Env; readonly cwd: string },
  place: ProfilePlace = {},
): Promise<Profile> {
  const isFile = name.includes('/') || /\.ya?ml$/.test(name);
  try {
    return await loadProfile(isFile ? resolve(cwd, name) : name, profileFolders(env), place);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'usage' || !(await isAwsProfile(name, env))) throw error;
    throw new Failure('usage', `"${name}" is an AWS profile; --profile names a transcode profile`, {
      next: 'See them with: taaf profiles',
      cause: error,
    });
  }
}

async function isAwsProfile(name: string, env: Env): Promise<boolean> {
  try {
    const text = await readFile(env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'), 'utf8');
    return text.split('\n').some((line) => line.trim() === `[profile ${name}]`);
  } catch (error) {
    if (codeOf(error) !== undefined) return false;
    throw error;
  }
}
