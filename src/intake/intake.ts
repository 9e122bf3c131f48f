/** Intake: a folder and what is wanted of it, as the season's plan. Nothing is written and nothing is started. */
import { posix } from 'node:path';
import { findTitles, type FoundTitle } from '../discs/find.js';
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import type { FleetName, SeasonPlan, Skipped } from '../domain/season.js';
import { chooseEpisodes, isNamed, overrideOf, type Overrides } from './choose-episodes.js';
import { inspect, type Inspected, type Inspectors } from './inspect.js';
import type { Candidate } from './leave-out.js';
import { naturally } from './order.js';
import { findOut, findPlace, defaultOut } from './place.js';
import { planSeason } from './plan.js';
import { resultNames, type Naming } from './result-names.js';
import { scan } from './scan.js';

export interface PlanOptions {
  /** The folder, or the one video. */
  readonly path: string;
  readonly profile: Profile;
  readonly fleet: FleetName;
  /** Folder for the results; `upscaled` in the season's folder when it is not given. */
  readonly out?: string;
  /** As in `--episodes 1-4,7`. */
  readonly episodes?: string;
  /** taaf.yaml's word on single episodes. */
  readonly overrides?: Overrides;
  /** How the results are called. */
  readonly naming?: Naming;
  readonly keepStore?: boolean;
}

export interface PlanDeps {
  readonly inspectors: Inspectors;
  /** Random id of this install. */
  readonly install: string;
  /** Versions that the picture depends on. */
  readonly versions: Readonly<Record<string, string>>;
  /** Reads the profile that an override names. */
  readonly loadProfile: (nameOrPath: string) => Promise<Profile>;
  readonly signal?: AbortSignal;
  /** Called after every video that was looked into. */
  readonly onInspected?: (done: number, of: number) => void;
}

/**
 * Reads the folder, looks into every video and plans the season.
 * @throws Failure `usage` when there is nothing to do, or it cannot be done as asked
 */
export async function makePlan(options: PlanOptions, deps: PlanDeps): Promise<SeasonPlan> {
  const { profile, fleet, overrides = {}, naming = {}, keepStore = false } = options;
  const place = await findPlace(options.path);
  const out = await findOut(place, options.out);
  const seen = await scan(place, [out, defaultOut(place)]);
  const found = await findTitles(place.folder, seen.discs, (path) =>
    isNamed({ path, stem: posix.basename(path) }, overrides),
  );
  const candidates = [...seen.candidates, ...found.titles.map(titleCandidate)];
  candidates.sort((a, b) => naturally(a.path, b.path));
  const { wanted, left } = chooseEpisodes(candidates, options.episodes, overrides);
  let done = 0;
  const { episodes, ...inspected } = await inspect(place.folder, wanted, deps.inspectors, {
    ...(deps.signal ? { signal: deps.signal } : {}),
    onInspected: () => deps.onInspected?.(++done, wanted.length),
  });
  const skipped = [...seen.skipped, ...found.left, ...left, ...inspected.skipped];
  if (episodes.length === 0) throw nothingToDo(options.path, skipped);
  const profiles = await profilesOf(episodes, overrides, deps.loadProfile);
  const { install, versions: tools } = deps;
  const names = resultNames(candidates, overrides, naming);
  return planSeason({ ...place, install, out, fleet, profile, profiles, names, tools, keepStore, episodes, skipped });
}

const titleCandidate = (title: FoundTitle): Candidate => ({ ...title, stem: posix.basename(title.path) });

/** Profiles of the episodes that have one of their own, by path. */
async function profilesOf(
  episodes: readonly Inspected[],
  overrides: Overrides,
  load: PlanDeps['loadProfile'],
): Promise<ReadonlyMap<string, Profile>> {
  const profiles = new Map<string, Profile>();
  for (const episode of episodes) {
    const name = overrideOf(episode, overrides).profile;
    if (name !== undefined) profiles.set(episode.path, await load(name));
  }
  return profiles;
}

/** Most files that a failure lists. */
const SHOWN = 20;

function nothingToDo(path: string, skipped: readonly Skipped[]): Failure {
  const lines = skipped.slice(0, SHOWN).map((file) => `${JSON.stringify(file.path)}: ${file.reason}`);
  const more = skipped.length > SHOWN ? [`and ${skipped.length - SHOWN} more`] : [];
  return new Failure('usage', `There is no episode to upscale in ${path}`, {
    evidence: skipped.length === 0 ? 'the folder is empty' : [...lines, ...more].join('\n'),
    next: 'Name a folder with videos, or one video',
  });
}
