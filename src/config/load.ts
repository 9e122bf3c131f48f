/** All settings in force, each with the place it came from. Order: flags, environment, the season's taaf.yaml, the user's config.yaml. */
import { join } from 'node:path';
import { configLayer, envLayer, flagLayer, seasonLayer, settingNames, settings } from './layers.js';
import type { Layer, SettingName } from './layers.js';
import type { Market } from '../domain/aws.js';
import { configFile, seasonFile } from './paths.js';
import type { Env, TaafPaths } from './paths.js';
import type { ConfigFile } from './schema.js';

export interface EpisodeSettings {
  readonly profile?: string | undefined;
  readonly skip?: boolean | undefined;
  readonly number?: number | readonly number[] | undefined;
  readonly title?: string | undefined;
}

/** What is undefined is decided by what `taaf aws init` has made, and by the profile. */
export interface AwsConfig {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly types: readonly string[] | undefined;
  readonly market: Market;
  /** GiB. */
  readonly volume: number;
  readonly hours: number;
}

export interface Config {
  /** Undefined: the default rule of the profiles chooses. */
  readonly profile: string | undefined;
  /** Absolute; undefined: `upscaled/` in the season's folder. */
  readonly out: string | undefined;
  /** Episodes at once; undefined: as many as there is capacity for. */
  readonly width: number | undefined;
  readonly fleet: 'local' | 'aws';
  /** Template of the results' names; undefined: the usual one. */
  readonly name: string | undefined;
  /** Of the season's taaf.yaml only. */
  readonly show: string | undefined;
  readonly season: number | undefined;
  /** Apprise URLs: they hold secrets and are never printed in full. */
  readonly notify: readonly string[];
  /** Absolute folder for stores and scratch. */
  readonly work: string;
  /** Each `auto`, `path`, or an absolute path. */
  readonly tools: { readonly ffmpeg: string; readonly temporal: string };
  readonly local: { readonly agents: number | 'auto' };
  readonly aws: AwsConfig;
  /** By file name without its ending. */
  readonly episodes: Readonly<Record<string, EpisodeSettings>>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where each setting is from: `--out`, `TAAF_OUT`, `/…/config.yaml:3`, or `default`. */
  readonly whereFrom: Readonly<Record<SettingName, string>>;
}

export interface ConfigSources {
  readonly paths: TaafPaths;
  readonly env: Env;
  readonly flags?: ConfigFile;
  /** Folder of the season whose taaf.yaml counts. */
  readonly season?: string;
  /** What relative paths of flags and environment are relative to. */
  readonly cwd: string;
}

/** @throws Failure `usage` that names file, line and column, or the variable */
export async function loadConfig({ paths, env, flags, season, cwd }: ConfigSources): Promise<LoadedConfig> {
  const ofSeason = season === undefined ? undefined : await seasonLayer(seasonFile(season));
  const ofUser = await configLayer(configFile(paths));
  const layers = [flagLayer(flags ?? {}, cwd), envLayer(env, cwd), ofSeason, ofUser].filter(
    (layer): layer is Layer => layer !== undefined,
  );
  const first = <T>(read: (values: ConfigFile) => T | undefined): T | undefined =>
    layers.map(({ values }) => read(values)).find((value) => value !== undefined);
  const config: Config = {
    profile: first(settings.profile),
    out: first(settings.out),
    width: first(settings.width),
    fleet: first(settings.fleet) ?? 'local',
    name: first(settings.name),
    show: ofSeason?.show,
    season: ofSeason?.season,
    notify: first(settings.notify) ?? [],
    work: first(settings.work) ?? join(paths.data, 'work'),
    tools: { ffmpeg: first(settings['tools.ffmpeg']) ?? 'auto', temporal: first(settings['tools.temporal']) ?? 'auto' },
    local: { agents: first(settings['local.agents']) ?? 'auto' },
    aws: {
      profile: first(settings['aws.profile']),
      region: first(settings['aws.region']),
      types: first(settings['aws.types']),
      market: first(settings['aws.market']) ?? 'spot',
      volume: first(settings['aws.volume']) ?? 200,
      hours: first(settings['aws.hours']) ?? 36,
    },
    episodes: ofSeason?.episodes ?? {},
  };
  return { config, whereFrom: originsOf(layers) };
}

const originsOf = (layers: readonly Layer[]): Readonly<Record<SettingName, string>> =>
  Object.fromEntries(
    settingNames.map((name) => [
      name,
      layers.find(({ values }) => settings[name](values) !== undefined)?.origin(name) ?? 'default',
    ]),
  ) as Record<SettingName, string>;
