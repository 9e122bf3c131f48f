/**
 * What this computer knows of its seasons, outside Temporal: it survives a lost database, and a finished season is still listed.
 * `<data>/seasons/<season>/record.json`, `plan.json`, `results/<episode>.json`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, writeDurably } from '../disk/durable.js';
import type { StorePlace } from '../domain/agent.js';
import type { AwsSeason } from '../domain/aws.js';
import type { EpisodeId, RecipeId, SeasonId } from '../domain/ids.js';
import type { RefusableKind } from '../domain/proof.js';
import type { Delivery, FleetName, Pool, SeasonPlan } from '../domain/season.js';

/** The submit that samples stand for: `taaf approve` does it in earnest. */
export interface SamplesOf {
  /** Absolute. */
  readonly folder: string;
  readonly profile?: string;
  readonly out?: string;
  readonly episodes?: string;
  readonly width?: number;
  readonly fleet?: FleetName;
  readonly awsProfile?: string;
  readonly awsRegion?: string;
}

export interface SeasonRecord {
  readonly season: SeasonId;
  readonly title: string;
  readonly folder: string;
  readonly out: string;
  /** Folder for the season's store, scratch and files in the making. */
  readonly work: string;
  readonly planHash: string;
  /** Agents of this computer at once: its cores are shared among them. */
  readonly agents: number;
  /** Milliseconds since the epoch. */
  readonly submittedAt: number;
  /** What its machines are leased from, where that is not this computer. */
  readonly pools?: readonly Pool[];
  /** Of samples: what they were cut from, and how it was asked for. */
  readonly samplesOf?: SamplesOf;
  /** Of a season on AWS: where it lies there, and what is launched for it. */
  readonly aws?: AwsSeason;
}

/** A source's hash, good as long as size and time of the file are these. */
export interface SourceHash {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly sha256: string;
}

/** What a human accepts of an episode's pictures, as long as the recipe is this. */
export interface Accepted {
  readonly recipe: RecipeId;
  readonly kinds: readonly RefusableKind[];
}

export interface SeasonRegistry {
  save(record: SeasonRecord, plan: SeasonPlan): Promise<void>;
  record(season: SeasonId): Promise<SeasonRecord | undefined>;
  plan(season: SeasonId): Promise<SeasonPlan | undefined>;
  list(): Promise<SeasonRecord[]>;
  deliver(season: SeasonId, delivery: Delivery): Promise<void>;
  delivery(season: SeasonId, episode: EpisodeId): Promise<Delivery | undefined>;
  deliveries(season: SeasonId): Promise<Delivery[]>;
  sourceHash(season: SeasonId, episode: EpisodeId): Promise<SourceHash | undefined>;
  saveSourceHash(season: SeasonId, episode: EpisodeId, hash: SourceHash): Promise<void>;
  accepted(season: SeasonId, episode: EpisodeId): Promise<Accepted | undefined>;
  saveAccepted(season: SeasonId, episode: EpisodeId, accepted: Accepted): Promise<void>;
  /** The folder of a season's records. */
  folder(season: SeasonId): string;
}

/** @param data TAAF's data folder */
export function seasonRegistry(data: string): SeasonRegistry {
  const folder = (season: SeasonId): string => join(data, 'seasons', season);
  const results = (season: SeasonId): string => join(folder(season), 'results');
  const hashFile = (season: SeasonId, episode: EpisodeId): string => join(folder(season), 'hashes', `${episode}.json`);
  const acceptedFile = (season: SeasonId, episode: EpisodeId): string =>
    join(folder(season), 'accepted', `${episode}.json`);
  const readAll = async <T>(names: readonly string[], path: (name: string) => string): Promise<T[]> => {
    const found = await Promise.all(names.map((name) => readJson<T>(path(name))));
    return found.filter((value) => value !== undefined);
  };
  return {
    folder,
    async save(record, plan) {
      await writeDurably(join(folder(record.season), 'plan.json'), JSON.stringify(plan));
      await writeDurably(join(folder(record.season), 'record.json'), JSON.stringify(record));
    },
    record: (season) => readJson(join(folder(season), 'record.json')),
    plan: (season) => readJson(join(folder(season), 'plan.json')),
    list: async () => readAll(await names(join(data, 'seasons')), (name) => join(folder(name), 'record.json')),
    deliver: (season, delivery) =>
      writeDurably(join(results(season), `${delivery.episode}.json`), JSON.stringify(delivery)),
    delivery: (season, episode) => readJson(join(results(season), `${episode}.json`)),
    sourceHash: (season, episode) => readJson(hashFile(season, episode)),
    saveSourceHash: (season, episode, hash) => writeDurably(hashFile(season, episode), JSON.stringify(hash)),
    accepted: (season, episode) => readJson(acceptedFile(season, episode)),
    saveAccepted: (season, episode, accepted) => writeDurably(acceptedFile(season, episode), JSON.stringify(accepted)),
    deliveries: async (season) => {
      const files = (await names(results(season))).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
      return readAll(files, (name) => join(results(season), name));
    },
  };
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A small store for what outlives the season's own, in the folder of its records. */
export const keptFolder = (records: string): string => join(records, 'kept');

/** Where a season's store is. */
export function storePlaceOf({ aws, work, season }: SeasonRecord): StorePlace {
  if (!aws) return { kind: 'directory', folder: seasonPlaces(work, season).store };
  const { bucket, region, profile } = aws.place;
  return { kind: 's3', bucket, region, ...(profile === undefined ? {} : { profile }) };
}

/** Where the parts of a season lie on this computer. */
export const seasonPlaces = (work: string, season: SeasonId) => ({
  root: join(work, season),
  store: join(work, season, 'store'),
  machines: join(work, season, 'machines'),
  home: (episode: EpisodeId) => join(work, season, 'home', episode),
});
