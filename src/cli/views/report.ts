/** What a season's page says, in words and figures; and the same as plain data for `--json`. */
import type { FailureFact } from '../../domain/failures.js';
import type { Profile } from '../../domain/profile.js';
import type { Likeness } from '../../domain/proof.js';
import type { EpisodePlan, SeasonPlan } from '../../domain/season.js';
import type { Fact } from '../../report/facts.js';
import type { Moment, Reason } from '../../report/moments.js';
import type { Pair } from '../../report/pair.js';
import type { EpisodeEntry, SeasonPage } from '../../report/season-page.js';
import { allWarnings, rateWarnings } from '../../seasons/warnings.js';
import { episodeOf, type Remembered } from '../season-snapshot.js';
import type { MomentStills } from '../season-stills.js';
import { framesDone, framesOf, type EpisodeStatus, type SeasonStatus } from '../season-status.js';
import { cadenceText, courseOf } from './cadence.js';
import { bitRate, bytes, clock, count, date, length, moment, percent, size } from './figures.js';
import { alarmWarnings as alarmsOf } from './proof.js';

export interface EpisodeStills {
  readonly stills: readonly MomentStills[];
  /** Why there are none. */
  readonly note?: string;
}

export interface ReportData {
  readonly remembered: Remembered;
  readonly status: SeasonStatus;
  /** By the episode's id; of delivered episodes only. */
  readonly stills: ReadonlyMap<string, EpisodeStills>;
  /** Now, in milliseconds since the epoch. */
  readonly at: number;
}

const reasonNames: Readonly<Record<Reason, string>> = {
  motion: 'Most motion',
  dark: 'Darkest',
  detail: 'Finest detail',
};

/** `Most motion, 12:34`. */
export const momentName = ({ reason, seconds }: Moment): string => `${reasonNames[reason]}, ${clock(seconds)}`;

export function seasonPage(data: ReportData): SeasonPage {
  const { remembered, status, at } = data;
  const { plan } = remembered;
  const done = status.episodes.filter(({ phase }) => phase === 'done').length;
  return {
    title: status.title,
    lead: `${done} of ${count(plan.episodes.length, 'episode')} done${status.state === 'done' ? '' : `, ${status.state}`}`,
    facts: seasonFacts(remembered),
    episodes: plan.episodes.map((episode) => entryOf(episode, episodeOf(status, episode.id), data)),
    made: `Made by taaf report on ${date(at)}. The source is shown as a player shows it: deinterlaced and enlarged.`,
  };
}

function seasonFacts({ record, plan, deliveries }: Remembered): Fact[] {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const seconds = sum(plan.episodes.map(({ source }) => source.durationSeconds));
  const resultBytes = sum(deliveries.map((delivery) => delivery.bytes));
  const last = Math.max(...deliveries.map(({ deliveredAt }) => deliveredAt));
  const rate = bitRate(resultBytes, sum(deliveries.map(({ durationSeconds }) => durationSeconds)));
  return [
    ['Video', length(seconds)],
    ['Sources', bytes(sum(plan.episodes.map((episode) => episode.bytes)))],
    ...(deliveries.length === 0
      ? []
      : ([
          ['Results', `${bytes(resultBytes)}, ${rate}`],
          ['From submit to the last result', length((last - record.submittedAt) / 1000)],
        ] as const)),
    ['Submitted', date(record.submittedAt)],
    ['Profile', profilesText(plan)],
    ...Object.entries(plan.tools).map(([name, version]): Fact => [name, shortVersion(version)]),
  ];
}

/** A hash is known by its beginning. */
const shortVersion = (version: string): string =>
  /^[0-9a-f]{64}$/.test(version) ? `${version.slice(0, 12)}…` : version;

const profilesText = ({ episodes }: SeasonPlan): string =>
  [...new Map(episodes.map(({ profile }) => [profile.name, profile])).values()].map(profileText).join('; ');

/** A profile in a few words: name, what upscales, what encodes. */
export function profileText({ name, upscale, encode }: Profile): string {
  const upscaler = upscale.engine === 'ffmpeg' ? upscale.scaler : upscale.model;
  return `${name} (${upscaler}, ${encode.codec} ${encode.preset}, quality ${encode.quality})`;
}

/** Why an episode failed, what to look at in it, why it has no stills. */
function noteOf(status: EpisodeStatus, { remembered, stills }: ReportData): string | undefined {
  if (status.failure !== undefined) return failureText(status.failure);
  const rate = rateWarnings(remembered.plan.episodes, remembered.deliveries).get(status.id);
  const taken = stills.get(status.id)?.note;
  const notes = [...alarmsOf(status), ...[rate, taken].filter((text) => text !== undefined)];
  return notes.length === 0 ? undefined : notes.join('. ');
}

function entryOf(episode: EpisodePlan, status: EpisodeStatus, data: ReportData): EpisodeEntry {
  const taken = data.stills.get(episode.id);
  const note = noteOf(status, data);
  return {
    number: episode.number,
    name: episode.stem,
    facts: episodeFacts(episode, status),
    course: courseOf(episode.cadence, episode.source.durationSeconds),
    ...(note === undefined ? {} : { note }),
    pairs: (taken?.stills ?? []).map((still): Pair => ({ ...still, caption: momentName(still), name: 'Result' })),
  };
}

const failureText = ({ what, evidence }: FailureFact): string =>
  `Failed: ${what}${evidence === undefined ? '' : ` (${evidence})`}`;

function episodeFacts({ source, cadence, target, profile }: EpisodePlan, status: EpisodeStatus): Fact[] {
  const { delivery } = status;
  const state =
    status.phase === 'rendering' ? `rendering, ${percent(framesDone(status), framesOf(status))}` : status.phase;
  return [
    ['Length', clock(source.durationSeconds)],
    ['Cadence', cadenceText(cadence)],
    ['Picture', `${size(source.picture)} → ${size(target)} ${profile.encode.codec}`],
    ['Result', delivery ? bytes(delivery.bytes) : '–'],
    ['Rate', delivery ? bitRate(delivery.bytes, delivery.durationSeconds) : '–'],
    ['Likeness', likenessText(delivery?.proof?.likeness)],
    ['Delivered', delivery ? moment(delivery.deliveredAt) : '–'],
    ['State', state],
  ];
}

/** Mean of all frames, and of the least scene. */
const likenessText = (likeness: Likeness | undefined): string => {
  if (likeness === undefined) return '–';
  const { ssim, vmaf } = likeness;
  const more = vmaf === undefined ? '' : `, VMAF ${vmaf.mean.toFixed(1)} (${vmaf.low.toFixed(1)})`;
  return `SSIM ${ssim.mean.toFixed(3)} (${ssim.low.toFixed(3)})${more}`;
};

/** The page's facts for programs; pictures are on the page only. */
export const reportFacts = ({ remembered: { record, plan, deliveries }, status, stills }: ReportData) => ({
  season: record.season,
  state: status.state,
  tools: plan.tools,
  warnings: allWarnings(plan.episodes, deliveries),
  episodes: plan.episodes.map(({ id, stem, cadence, target, profile }) => ({
    id,
    stem,
    phase: episodeOf(status, id).phase,
    cadence: cadence.cadence,
    target,
    profile: profile.name,
    delivery: episodeOf(status, id).delivery,
    moments: (stills.get(id)?.stills ?? []).map(({ seconds, reason, correlation }) => ({
      seconds,
      reason,
      correlation,
    })),
    note: stills.get(id)?.note,
  })),
});
