/** Measures a few frames of a season on the real engine, and learns from what was rendered since. */
import type { Profile } from '../domain/profile.js';
import type { EpisodePlan } from '../domain/season.js';
import { refined, type Calibrations } from './calibrations.js';
import { renderSeconds, withProfile } from './estimate.js';
import type { Machine } from './machine.js';
import { megapixelsOf, rateKey, rateOf, type Quantity, type Work } from './rates.js';

/** Renders so many frames out of the middle of an episode, the way an agent would. */
export type RenderSample = (episode: EpisodePlan, frames: number) => Promise<Sample>;

export interface Sample {
  /** Fewer than asked for where the episode ends. */
  readonly frames: number;
  /** From the start of the first program to the end of the last one. */
  readonly seconds: number;
}

/** Frames of the first sample. The difference to a longer one tells a frame's time without the start of programs and model. */
const FEW = 5;
/** The longer sample has so many seconds more of work, within these frames. */
const MORE_SECONDS = 4;
const MOST = 120;
/** Beside so long a sample no start counts, and a second one would be a nuisance. */
const SLOW_SECONDS = 30;

const classic: Profile['upscale'] = { engine: 'ffmpeg', scaler: 'lanczos', grain: 0 };

/**
 * The calibrations with the rates of the episode's engine and encoder, measured here and now.
 * First a classic scaler with the same encoder; what an AI model takes beyond that is its own.
 */
export async function calibrate(
  episode: EpisodePlan,
  machine: Machine,
  calibrations: Calibrations,
  render: RenderSample,
): Promise<Calibrations> {
  const isClassic = episode.profile.upscale.engine === 'ffmpeg';
  const [plain = episode] = isClassic ? [] : withProfile([episode], { ...episode.profile, upscale: classic });
  const next = rescaled(calibrations, machine, plain, await secondsPerFrame(plain, render));
  if (isClassic) return next;
  const both = await secondsPerFrame(episode, render);
  const encode = rateOf('encode', episode, machine, next).value * megapixelsOf('encode', episode);
  return withRate(
    next,
    machine,
    'engine',
    episode,
    engineShare(both, encode, machine) / megapixelsOf('engine', episode),
  );
}

const withRate = (now: Calibrations, machine: Machine, quantity: Quantity, work: Work, value: number): Calibrations =>
  refined(now, machine.name, rateKey(quantity, work), value);

/** Engine and encoder were measured together: both are found as much slower or quicker than they were held to be. */
function rescaled(calibrations: Calibrations, machine: Machine, work: Work, seconds: number): Calibrations {
  const rate = (quantity: Quantity) => rateOf(quantity, work, machine, calibrations).value;
  const expected = (quantity: Quantity) => rate(quantity) * megapixelsOf(quantity, work);
  const factor = seconds / renderSeconds(work, expected('engine'), expected('encode'), machine);
  const next = withRate(calibrations, machine, 'engine', work, rate('engine') * factor);
  return withRate(next, machine, 'encode', work, rate('encode') * factor);
}

/** Seconds of a frame's engine work, from what engine and encoder take together; never nothing, whatever the clock's noise says. */
const engineShare = (both: number, encode: number, { gpu }: Machine): number =>
  gpu === undefined ? Math.max(both - encode, both / 20) : both;

async function secondsPerFrame(episode: EpisodePlan, render: RenderSample): Promise<number> {
  const first = await render(episode, FEW);
  const each = first.seconds / first.frames;
  if (first.seconds >= SLOW_SECONDS) return each;
  const more = Math.min(MOST, FEW + Math.max(FEW, Math.ceil(MORE_SECONDS / each)));
  const second = await render(episode, more);
  const slope = (second.seconds - first.seconds) / (second.frames - first.frames);
  // A short episode may give no more frames than before.
  return slope > 0 && Number.isFinite(slope) ? slope : second.seconds / second.frames;
}

/** A segment that was rendered in earnest. */
export interface Finished {
  readonly work: Work;
  readonly frames: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** The calibrations after a finished segment. */
export function learn(
  calibrations: Calibrations,
  machine: Machine,
  { work, frames, seconds, bytes }: Finished,
): Calibrations {
  const next = rescaled(calibrations, machine, work, seconds / frames);
  return withRate(next, machine, 'resultBytes', work, bytes / frames / megapixelsOf('resultBytes', work));
}
