/** Names for TAB: read from the records and folders of this computer, without Temporal. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { taafPaths, type Env } from '../config/paths.js';
import { codeOf } from '../disk/durable.js';
import { seasonRegistry, type SeasonRegistry } from '../seasons/registry.js';
import type { Completes } from './command.js';

export async function knownNames(kinds: readonly Completes[], env: Env): Promise<readonly string[]> {
  const { data, config } = taafPaths(env);
  const registry = seasonRegistry(data);
  const readers: Readonly<Record<Completes, () => Promise<readonly string[]>>> = {
    season: async () => (await registry.list()).map(({ season }) => season),
    episode: () => episodeNames(registry),
    profile: async () => {
      const folders = [join(packageRoot(), 'assets', 'profiles'), join(config, 'profiles')];
      return (await Promise.all(folders.map(profileFiles))).flat();
    },
  };
  return (await Promise.all(kinds.map((kind) => readers[kind]()))).flat();
}

/** Stems; one that several seasons have is offered with its season. */
async function episodeNames(registry: SeasonRegistry): Promise<readonly string[]> {
  const records = await registry.list();
  const plans = await Promise.all(records.map(({ season }) => registry.plan(season)));
  const all = plans.flatMap((plan) => plan?.episodes.map(({ stem }) => ({ stem, season: plan.season })) ?? []);
  const times = new Map<string, number>();
  for (const { stem } of all) times.set(stem, (times.get(stem) ?? 0) + 1);
  return all.map(({ stem, season }) => ((times.get(stem) ?? 0) > 1 ? `${season}/${stem}` : stem));
}

async function profileFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).flatMap((name) => /^(.+)\.yaml$/.exec(name)?.slice(1) ?? []);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
