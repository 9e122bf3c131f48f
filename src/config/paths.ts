/** Where TAAF keeps its own files: the platform's folders, or one folder of the user's choice. */
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

export type Env = Readonly<Record<string, string | undefined>>;

export interface TaafPaths {
  /** The user's settings: config.yaml and profiles. */
  readonly config: string;
  /** What can be made again, but not quickly: toolchain, models, stores. */
  readonly data: string;
  /** What must survive a reboot: Temporal's database, locks, records of what runs. */
  readonly state: string;
  readonly cache: string;
  readonly log: string;
}

/** The folders; `TAAF_HOME` puts them all under one (portable installs, tests). None of them is created. */
export function taafPaths(env: Env): TaafPaths {
  const home = env['TAAF_HOME'] ? resolve(env['TAAF_HOME']) : undefined;
  if (home !== undefined) {
    const state = join(home, 'state');
    return { config: home, data: join(home, 'data'), state, cache: join(home, 'cache'), log: join(state, 'log') };
  }
  const { config, data, cache, log } = envPaths('taaf', { suffix: '' });
  // On Linux env-paths' `log` is the XDG state folder; macOS has a folder for logs and none for state.
  if (process.platform === 'linux') return { config, data, cache, state: log, log: join(log, 'log') };
  return { config, data, cache, state: join(data, 'state'), log };
}

/** The user's settings file. */
export const configFile = (paths: TaafPaths): string => join(paths.config, 'config.yaml');

/** The settings file of one season's folder. */
export const seasonFile = (folder: string): string => join(folder, 'taaf.yaml');
