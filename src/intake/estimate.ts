/** Time, disk and size of a season before it starts: pure arithmetic over the plan and the rates. */
import { targetSize } from '../domain/geometry.js';
import type { EpisodeId } from '../domain/ids.js';
import type { Profile } from '../domain/profile.js';
import type { EpisodePlan } from '../domain/season.js';
import { freeze } from '../profiles/freeze.js';
import type { Calibrations } from './calibrations.js';
import { estimatedFrames } from './frames.js';
import type { Machine } from './machine.js';
import { RESTORED_BYTES } from './priors.js';
import { megapixelsOf, rateOf, type Stage, type Work } from './rates.js';

export interface EpisodeEstimate {
  readonly id: EpisodeId;
  readonly seconds: number;
  /** Seconds that each stage would take alone. */
  readonly stages: Readonly<Record<Stage, number>>;
  /** Bytes in the work folder: source, restored picture, finished segments. */
  readonly workBytes: number;
  readonly resultBytes: number;
  readonly measured: boolean;
}

export interface SeasonEstimate {
  readonly episodes: readonly EpisodeEstimate[];
  readonly seconds: number;
  readonly longestSeconds: number;
  /** Milliseconds since the epoch. */
  readonly finishAt: number;
  /** Most bytes in the work folder at once, and the bytes of all results. */
  readonly peakWorkBytes: number;
  readonly resultBytes: number;
  /** The stage that takes the most time. */
  readonly limit: Stage;
  /** Engine and encoder were measured on this computer; otherwise all is a guess. */
  readonly measured: boolean;
}

export interface EstimateBasis {
  readonly machine: Machine;
  readonly calibrations: Calibrations;
  /** Machines that work at once without taking each other's power: 1 on a computer of one GPU or none. */
  readonly machines: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const stages: readonly Stage[] = ['restore', 'engine', 'encode'];

export function estimateSeason(episodes: readonly EpisodePlan[], basis: EstimateBasis): SeasonEstimate {
  const each = episodes.map((episode) => estimateEpisode(episode, basis));
  const longestSeconds = Math.max(0, ...each.map(({ seconds }) => seconds));
  const seconds = Math.max(longestSeconds, sum(each.map((one) => one.seconds)) / basis.machines);
  const inStage = (stage: Stage): number => sum(each.map((one) => one.stages[stage]));
  return {
    episodes: each,
    seconds,
    longestSeconds,
    finishAt: basis.now + seconds * 1000,
    peakWorkBytes: peakWork(episodes, each, basis.machines),
    resultBytes: sum(each.map(({ resultBytes }) => resultBytes)),
    limit: stages.reduce((most, stage) => (inStage(stage) > inStage(most) ? stage : most)),
    measured: each.every(({ measured }) => measured),
  };
}

function estimateEpisode(episode: EpisodePlan, { machine, calibrations }: EstimateBasis): EpisodeEstimate {
  const { estimatedFrames: frames } = episode;
  const rate = (quantity: Stage | 'resultBytes') => rateOf(quantity, episode, machine, calibrations);
  const total = (quantity: Stage | 'resultBytes') => rate(quantity).value * megapixelsOf(quantity, episode) * frames;
  const each = { restore: total('restore'), engine: total('engine'), encode: total('encode') };
  const resultBytes = total('resultBytes');
  return {
    id: episode.id,
    seconds: each.restore + renderSeconds(episode, each.engine, each.encode, machine),
    stages: each,
    workBytes: sourceBytes(episode) + RESTORED_BYTES * megapixelsOf('restore', episode) * frames + resultBytes,
    resultBytes,
    measured: rate('engine').measured && rate('encode').measured,
  };
}

/** Bytes of the source in the work folder: in the store, and of a disc's title also the file that it was copied into. */
const sourceBytes = ({ bytes, origin }: EpisodePlan): number => (origin === undefined ? bytes : 2 * bytes);

/** A GPU leaves the cores to the encoder, and the slower of the two sets the pace; on the cores alone they add up. */
export const renderSeconds = ({ profile }: Work, engine: number, encode: number, { gpu }: Machine): number =>
  gpu === undefined || profile.upscale.engine === 'ffmpeg' ? engine + encode : Math.max(engine, encode);

/** All sources wait in the work folder; restored pictures and segments only of the episodes in hand and of the one on its way home. */
function peakWork(episodes: readonly EpisodePlan[], each: readonly EpisodeEstimate[], machines: number): number {
  const sources = episodes.map(sourceBytes);
  const beside = each.map(({ workBytes }, index) => workBytes - (sources[index] ?? 0));
  return sum(sources) + sum(beside.sort((a, b) => b - a).slice(0, machines + 1));
}

/** The episodes as they would be with another profile. */
export const withProfile = (episodes: readonly EpisodePlan[], profile: Profile): EpisodePlan[] =>
  episodes.map((episode) => ({
    ...episode,
    profile: freeze(profile),
    target: targetSize(episode.source.picture, profile.size),
    estimatedFrames: estimatedFrames({ ...episode, profile }),
  }));

export interface Alternative {
  readonly profile: string;
  readonly seconds: number;
}

/** The quickest of the profiles, if it is quicker than what is planned. */
export function fastestAlternative(
  episodes: readonly EpisodePlan[],
  profiles: readonly Profile[],
  basis: EstimateBasis,
): Alternative | undefined {
  const planned = estimateSeason(episodes, basis).seconds;
  return profiles
    .map((profile) => ({
      profile: profile.name,
      seconds: estimateSeason(withProfile(episodes, profile), basis).seconds,
    }))
    .filter(({ seconds }) => seconds < planned)
    .sort((a, b) => a.seconds - b.seconds)[0];
}
