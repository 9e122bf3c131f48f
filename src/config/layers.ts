/** The places a setting can come from, each as the same checked values and the name of its origin. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import type { Env } from './paths.js';
import { configSchema, seasonSchema } from './schema.js';
import type { ConfigFile, SeasonFile } from './schema.js';
import { readYaml } from './yaml.js';
import type { YamlRules } from './yaml.js';

/** Every single setting, by its name in the file, and how it is read from a layer's values. */
export const settings = {
  profile: (values: ConfigFile) => values.profile,
  out: (values: ConfigFile) => values.out,
  width: (values: ConfigFile) => values.width,
  fleet: (values: ConfigFile) => values.fleet,
  name: (values: ConfigFile) => values.name,
  notify: (values: ConfigFile) => values.notify,
  work: (values: ConfigFile) => values.work,
  'tools.ffmpeg': (values: ConfigFile) => values.tools?.ffmpeg,
  'tools.temporal': (values: ConfigFile) => values.tools?.temporal,
  'local.agents': (values: ConfigFile) => values.local?.agents,
  'aws.profile': (values: ConfigFile) => values.aws?.profile,
  'aws.region': (values: ConfigFile) => values.aws?.region,
  'aws.types': (values: ConfigFile) => values.aws?.types,
  'aws.market': (values: ConfigFile) => values.aws?.market,
  'aws.volume': (values: ConfigFile) => values.aws?.volume,
  'aws.hours': (values: ConfigFile) => values.aws?.hours,
} as const;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[];

export interface Layer {
  readonly values: ConfigFile;
  /** Where this layer has a setting from, for people: `--width`, `TAAF_WIDTH`, `/…/config.yaml:3`. */
  readonly origin: (name: SettingName) => string;
}

/** Name of the environment variable of a setting: `tools.ffmpeg` is `TAAF_TOOLS_FFMPEG`. */
export const variableOf = (name: SettingName): string => `TAAF_${name.replace('.', '_').toUpperCase()}`;

/** Settings given on the command line; their paths are relative to `cwd`. */
export const flagLayer = (flags: ConfigFile, cwd: string): Layer => ({
  values: resolved(flags, cwd),
  origin: (name) => `--${name.startsWith('aws.') ? name.replace('.', '-') : (name.split('.').at(-1) ?? name)}`,
});

/**
 * Settings of the environment; paths are relative to `cwd`, a list is separated by white space.
 * @throws Failure `usage` that names the variable
 */
export function envLayer(env: Env, cwd: string): Layer {
  const given = settingNames.flatMap((name) => {
    const text = env[variableOf(name)];
    return text === undefined || text === '' ? [] : [[name, text] as const];
  });
  const raw: Record<string, unknown> = {};
  for (const [name, text] of given) {
    const [outer, inner] = name.split('.') as [string, string | undefined];
    if (inner === undefined) raw[outer] = rawValue(name, text);
    else raw[outer] = { ...(raw[outer] as object | undefined), [inner]: rawValue(name, text) };
  }
  const checked = configSchema.safeParse(raw);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const name = settingNames.find((known) => issue?.path.slice(0, 2).join('.').startsWith(known)) ?? 'profile';
    throw new Failure('usage', `${variableOf(name)}: ${issue?.message ?? 'is wrong'}`, {
      next: `Mend or unset ${variableOf(name)}`,
    });
  }
  return { values: resolved(checked.data, cwd), origin: variableOf };
}

function rawValue(name: SettingName, text: string): unknown {
  if (name === 'notify' || name === 'aws.types') return text.split(/\s+/).filter((url) => url !== '');
  return numbers.has(name) && /^\d+$/.test(text) ? Number(text) : text;
}

const numbers: ReadonlySet<SettingName> = new Set(['width', 'local.agents', 'aws.volume', 'aws.hours']);

const show = ': it belongs into a season’s taaf.yaml';

/** The user's file; none at all is no mistake. */
export const configLayer = (file: string): Promise<Layer | undefined> =>
  fileLayer(
    file,
    {
      schema: configSchema,
      elsewhere: { episodes: ': single episodes belong into a season’s taaf.yaml', show, season: show },
    },
    (values) => values,
  );

/** What only a season's file can say. */
type OfSeason = Pick<SeasonFile, 'show' | 'season' | 'episodes'>;

/** A season's file, with what it says about the show and about single episodes. */
export async function seasonLayer(file: string): Promise<(Layer & OfSeason) | undefined> {
  const home = ': it is a setting of this computer and belongs into your config.yaml';
  let ofSeason: OfSeason = {};
  const layer = await fileLayer(
    file,
    { schema: seasonSchema, elsewhere: { work: home, tools: home, local: home, aws: home } },
    ({ show, season, episodes, ...rest }) => {
      ofSeason = { show, season, episodes };
      return rest;
    },
  );
  return layer && { ...layer, ...ofSeason };
}

async function fileLayer<T>(
  file: string,
  rules: YamlRules<T>,
  valuesOf: (read: T) => ConfigFile,
): Promise<Layer | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Failure('usage', `${file} cannot be read`, { evidence: codeOf(error) ?? String(error), cause: error });
  });
  if (text === undefined) return undefined;
  const { value, lineOf } = readYaml(text, file, rules);
  return {
    values: resolved(valuesOf(value), dirname(file)),
    origin: (name) => `${file}:${lineOf(name.split('.'))}`,
  };
}

const resolved = (values: ConfigFile, folder: string): ConfigFile => ({
  ...values,
  ...(values.out === undefined ? {} : { out: absolute(values.out, folder) }),
  ...(values.work === undefined ? {} : { work: absolute(values.work, folder) }),
});

/** `~/` means the home folder in these files, though no shell reads them. */
const absolute = (path: string, folder: string): string =>
  path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(folder, path);
