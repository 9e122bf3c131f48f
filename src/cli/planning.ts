/** From a folder and options to a plan: settings, tools, profile, intake. What `taaf plan` shows and `taaf submit` starts. */
import { basename, join, resolve } from 'node:path';
import { installId } from '../config/install.js';
import { loadConfig, type Config } from '../config/load.js';
import { taafPaths, type TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import type { Profile } from '../domain/profile.js';
import { modelVersion } from '../domain/recipe-lock.js';
import type { SeasonPlan } from '../domain/season.js';
import type { Tools } from '../domain/tools.js';
import { costOf } from '../intake/cloud.js';
import { cadenceRecords } from '../intake/cadence-records.js';
import { readCalibrations } from '../intake/calibration-file.js';
import { estimateSeason, fastestAlternative, type EstimateBasis } from '../intake/estimate.js';
import { inspectorsOf } from '../intake/inspectors.js';
import { makePlan } from '../intake/intake.js';
import { thisMachine, type Machine } from '../intake/machine.js';
import { findPlace } from '../intake/place.js';
import { findModel } from '../models/catalog.js';
import { builtinNames } from '../profiles/builtin.js';
import { chooseProfile } from '../profiles/choose.js';
import { recipeWarnings } from '../seasons/recipe-warnings.js';
import { locksIn } from '../seasons/recipe-locks.js';
import { requireFfmpeg } from '../toolchain/ffmpeg.js';
import type { ProfilePlace } from '../profiles/builtin.js';
import { ready } from './actions/setup.js';
import { cloudFor, cloudSite, type Cloud, type CloudSite } from './cloud/cloud.js';
import type { Context } from './context.js';
import { gpuHere, modelFolders } from './hardware.js';
import { telling } from './patience.js';
import { profileNamed } from './profile-source.js';
import type { PlanReport } from './views/plan.js';

export interface PlanValues {
  readonly folder: string;
  readonly profile: string | undefined;
  readonly out: string | undefined;
  readonly episodes: string | undefined;
  readonly width?: number | undefined;
  readonly fleet: 'local' | 'aws' | undefined;
  readonly awsProfile?: string | undefined;
  readonly awsRegion?: string | undefined;
}

export interface Planned {
  readonly plan: SeasonPlan;
  readonly config: Config;
  readonly paths: TaafPaths;
  readonly tools: Tools;
  readonly machine: Machine;
  /** Why this profile, where the user named none. */
  readonly choice: string | undefined;
  /** Of a season on AWS. */
  readonly cloud?: Cloud;
}

/**
 * @param provide makes what a profile needs before its files are hashed into the plan: models and their runtime
 * @throws Failure `usage` when there is nothing to do, `unsupported` for a fleet that this version lacks
 */
export async function planned(
  values: PlanValues,
  context: Context,
  provide: (profiles: readonly Profile[], paths: TaafPaths) => Promise<void>,
): Promise<Planned> {
  const paths = taafPaths(context.env);
  const path = resolve(context.cwd, values.folder);
  const config = await configOf(values, path, context);
  const tools = await ready(context);
  const site = config.fleet === 'aws' ? await cloudSite(config, context) : undefined;
  const { profile, machine, choice } = await profileAndMachine(config, context, paths, site);
  const profiles = [profile, ...(await singleProfiles(config, context, site))];
  const cloud = site && (await cloudFor(site, config.aws, profiles, context));
  await provide(profiles, paths);
  const options = {
    path,
    profile,
    fleet: config.fleet,
    overrides: config.episodes,
    naming: { show: config.show, season: config.season, name: config.name },
    ...(config.out === undefined ? {} : { out: config.out }),
    ...(values.episodes === undefined ? {} : { episodes: values.episodes }),
  };
  const plan = await makePlan(options, {
    inspectors: inspectorsOf(tools, {
      records: cadenceRecords(cadenceFolder(paths)),
      onFrames: telling(context, (file, share) => `Looking at every frame of ${basename(file)}: ${share}`),
    }),
    install: await installId(paths),
    versions: await versionsOf(tools, profiles, paths),
    loadProfile: (name) => profileNamed(name, context, site),
    signal: context.signal,
    onInspected: (done, of) => context.emit({ kind: 'step', text: `Looked into ${done} of ${of} videos` }),
  });
  return { plan, config, paths, tools, machine: cloud?.machine ?? machine, choice, ...(cloud ? { cloud } : {}) };
}

/** Settings in force for what was named. */
async function configOf(values: PlanValues, path: string, { env, cwd }: Context): Promise<Config> {
  const { folder } = await findPlace(path);
  const paths = taafPaths(env);
  const { config } = await loadConfig({ paths, env, flags: flagsOf(values), season: folder, cwd });
  return config;
}

/** Profiles that taaf.yaml gives to single episodes. */
function singleProfiles({ episodes }: Config, context: Context, place?: ProfilePlace): Promise<Profile[]> {
  const names = new Set(Object.values(episodes).flatMap(({ profile }) => profile ?? []));
  return Promise.all([...names].map((name) => profileNamed(name, context, place)));
}

const flagsOf = ({ profile, out, width, fleet, awsProfile, awsRegion }: PlanValues) => ({
  ...(profile === undefined ? {} : { profile }),
  ...(out === undefined ? {} : { out }),
  ...(width === undefined ? {} : { width }),
  ...(fleet === undefined ? {} : { fleet }),
  aws: {
    ...(awsProfile === undefined ? {} : { profile: awsProfile }),
    ...(awsRegion === undefined ? {} : { region: awsRegion }),
  },
});

/** The named profile, else the one that suits the hardware. Only a model asks what this computer can compute on. */
async function profileAndMachine({ profile: name }: Config, context: Context, paths: TaafPaths, site?: CloudSite) {
  if (site) return { ...(await profileInCloud(name, site, context)), machine: thisMachine() };
  if (name !== undefined) {
    const profile = await profileNamed(name, context);
    const gpu = profile.upscale.engine === 'onnx' ? await gpuHere(paths) : undefined;
    return { profile, machine: thisMachine(gpu), choice: undefined };
  }
  const gpu = await gpuHere(paths);
  const { profile, reason } = chooseProfile(gpu === undefined ? {} : { gpu });
  return { profile: await profileNamed(profile, context), machine: thisMachine(gpu), choice: `${profile}. ${reason}` };
}

async function profileInCloud(name: string | undefined, { topaz }: CloudSite, context: Context) {
  if (name !== undefined) return { profile: await profileNamed(name, context, { topaz }), choice: undefined };
  const { profile, reason } = chooseProfile({ gpu: 'A machine’s GPU', topaz });
  return { profile: await profileNamed(profile, context, { topaz }), choice: `${profile}. ${reason}` };
}

/** What the picture depends on beside the profile. A model that is not there yet has no version: a plan shows without it. */
async function versionsOf({ ffmpeg }: Tools, profiles: readonly Profile[], paths: TaafPaths) {
  const versions: Record<string, string> = { ffmpeg: (await requireFfmpeg(ffmpeg)).version };
  for (const { upscale } of profiles) {
    if (upscale.engine !== 'onnx') continue;
    try {
      versions[modelVersion(upscale.model)] = (await findModel(upscale.model, modelFolders(paths))).sha256;
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'tool-missing') throw error;
    }
  }
  return versions;
}

/** Where the cadences of files are remembered. */
export const cadenceFolder = (paths: TaafPaths): string => join(paths.data, 'cadence');

export const calibrationFile = (paths: TaafPaths): string => join(paths.data, 'calibrations.json');

/** The plan with its costs, from what was measured on this computer so far. */
export async function reportOf(found: Planned, context: Context): Promise<PlanReport> {
  const { plan, config, choice, cloud } = found;
  const machines = Math.min(cloud?.machines ?? 1, config.width ?? Infinity, plan.episodes.length);
  const basis = { ...(await basisOf(found, context)), machines };
  const others = await Promise.all(builtinNames.map((name) => profileNamed(name, context)));
  const alternative = fastestAlternative(plan.episodes, others, basis);
  const estimate = estimateSeason(plan.episodes, basis);
  const { volumeGiB = 0 } = cloud?.order ?? {};
  return {
    plan,
    estimate,
    warnings: recipeWarnings(plan, await locksIn(plan.out)),
    ...(cloud === undefined ? {} : { cost: costOf(estimate, cloud.best, { machines, volumeGiB }) }),
    ...(choice === undefined ? {} : { choice }),
    ...(alternative === undefined ? {} : { alternative }),
  };
}

/** What estimates rest on: this computer, and what was measured on it. */
export async function basisOf(
  { paths, machine }: Pick<Planned, 'paths' | 'machine'>,
  context: Context,
): Promise<EstimateBasis> {
  const { calibrations, notice } = await readCalibrations(calibrationFile(paths));
  if (notice !== undefined) context.emit({ kind: 'warning', text: notice });
  return { machine, calibrations, machines: 1, now: Date.now() };
}
