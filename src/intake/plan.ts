/** What was found, and what is wanted of it, as the season's plan: the same in, the same plan. */
import { posix } from 'node:path';
import { canonicalJson, sha256Of } from '../disk/hash.js';
import { targetSize } from '../domain/geometry.js';
import { episodeId, seasonId } from '../domain/ids.js';
import type { Profile } from '../domain/profile.js';
import type { EpisodePlan, FleetName, SeasonPlan, Skipped } from '../domain/season.js';
import { freeze } from '../profiles/freeze.js';
import { isDiscFolder } from './disc-names.js';
import { estimatedFrames } from './frames.js';
import type { Inspected } from './inspect.js';
import { checkOutputs, outputOf, stemOf } from './outputs.js';

export interface PlanInput {
  /** Random id of this install: two computers never make the same season. */
  readonly install: string;
  /** Real absolute path of what was submitted, and of the folder that the paths start from. */
  readonly place: string;
  readonly folder: string;
  readonly out: string;
  readonly fleet: FleetName;
  readonly profile: Profile;
  /** Profiles of single episodes, by their paths. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly tools: Readonly<Record<string, string>>;
  readonly keepStore: boolean;
  /** Names of results that are not called as their sources, by the sources' paths. */
  readonly names: ReadonlyMap<string, string>;
  readonly episodes: readonly Inspected[];
  readonly skipped: readonly Skipped[];
}

/** @throws Failure `usage` when two results would have one name */
export function planSeason(input: PlanInput): SeasonPlan {
  const { install, place, folder, out, fleet, tools, keepStore, skipped } = input;
  const profile = freeze(input.profile);
  const title = place === folder || isDiscFolder(place) ? posix.basename(folder) : stemOf(place);
  const episodes = input.episodes.map((found) =>
    planEpisode(found, input.profiles.get(found.path) ?? profile, input.names.get(found.path)),
  );
  checkOutputs(episodes);
  return {
    version: 1,
    season: seasonId(title, sha256Of(canonicalJson([install, place, profile]))),
    title,
    folder,
    out,
    fleet,
    tools,
    episodes,
    skipped,
    keepStore,
  };
}

function planEpisode(found: Inspected, profile: Profile, name: string | undefined): EpisodePlan {
  const { number, path, stem, bytes, modifiedMs, origin, source, cadence } = found;
  return {
    id: episodeId(number, sha256Of(path)),
    number,
    path,
    stem,
    bytes,
    modifiedMs,
    ...(origin === undefined ? {} : { origin }),
    source,
    cadence,
    profile: freeze(profile),
    target: targetSize(source.picture, profile.size),
    estimatedFrames: estimatedFrames({ source, cadence, profile }),
    output: outputOf(path, name ?? stem),
  };
}
