/** What a preview's page says, in words and figures; and the same as plain data for `--json`. */
import type { Size } from '../../domain/geometry.js';
import type { Profile } from '../../domain/profile.js';
import type { EpisodePlan } from '../../domain/season.js';
import type { SeasonEstimate } from '../../intake/estimate.js';
import type { Fact } from '../../report/facts.js';
import type { Moment } from '../../report/moments.js';
import type { PreviewPage } from '../../report/preview-page.js';
import type { Rendered } from '../preview-stills.js';
import { cadenceText } from './cadence.js';
import { bytes, clock, count, date, length, moment as momentText, size } from './figures.js';
import { momentName, profileText } from './report.js';

/** A profile, what it made of every moment, and what it would take for the season. */
export interface VariantResult {
  readonly profile: Profile;
  readonly target: Size;
  readonly estimate: SeasonEstimate;
  /** Of the season's average frame, from restoring to encoding. */
  readonly secondsPerFrame: number;
  readonly rendered: readonly Rendered[];
}

export interface PreviewData {
  readonly title: string;
  readonly episode: EpisodePlan;
  readonly moments: readonly Moment[];
  readonly results: readonly VariantResult[];
  /** Now, in milliseconds since the epoch. */
  readonly at: number;
}

export const previewPage = ({ title, episode, moments, results, at }: PreviewData): PreviewPage => ({
  title: episode.stem,
  lead: `${count(moments.length, 'moment')} through ${count(results.length, 'profile')}`,
  facts: [
    ['Season', `${title}, ${count(results[0]?.estimate.episodes.length ?? 0, 'episode')}`],
    ['Length', clock(episode.source.durationSeconds)],
    ['Picture', `${size(episode.source.picture)} ${episode.source.picture.codec}`],
    ['Cadence', cadenceText(episode.cadence)],
  ],
  profiles: results.map(profileRow),
  moments: moments.map((moment, i) => ({
    heading: momentName(moment),
    pairs: results.flatMap(({ profile, rendered }) => {
      const one = rendered[i];
      return one === undefined ? [] : [{ ...one, caption: caption(profile, one), name: profile.name }];
    }),
  })),
  note:
    'The season is predicted from frames that were measured on this computer, its size from what such profiles usually take. ' +
    'Bytes of a rendered frame include a key frame, so they are more than the average of an episode.',
  made: `Made by taaf preview on ${date(at)}. The source is shown as a player shows it: deinterlaced and enlarged.`,
});

function profileRow({ profile, target, estimate, secondsPerFrame, rendered }: VariantResult): Fact[] {
  return [
    ['Profile', profileText(profile)],
    ['Picture', size(target)],
    ['Time a frame', `${secondsPerFrame.toFixed(secondsPerFrame < 10 ? 2 : 0)} s`],
    ['Rendered', `${count(framesOf(rendered), 'frame')}, ${bytes(bytesPerFrame(rendered))} each`],
    ['Season', length(estimate.seconds)],
    ['If started now', momentText(estimate.finishAt)],
    ['Size', bytes(estimate.resultBytes)],
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const framesOf = (rendered: readonly Rendered[]): number => sum(rendered.map(({ frames }) => frames));
const bytesPerFrame = (rendered: readonly Rendered[]): number =>
  Math.round(sum(rendered.map((one) => one.bytes)) / Math.max(1, framesOf(rendered)));

const caption = ({ name }: Profile, { frames, seconds }: Rendered): string =>
  `${name}: ${count(frames, 'frame')} in ${seconds.toFixed(1)} s, the start of programs included`;

/** The page's facts for programs; pictures are on the page only. */
export const previewFacts = ({ title, episode, moments, results }: PreviewData) => ({
  title,
  episode: { id: episode.id, number: episode.number, stem: episode.stem },
  moments,
  profiles: results.map(({ profile, target, estimate, secondsPerFrame, rendered }) => ({
    profile: profile.name,
    target,
    secondsPerFrame,
    bytesPerFrame: bytesPerFrame(rendered),
    rendered: rendered.map(({ before: _before, after: _after, ...facts }) => facts),
    season: {
      seconds: estimate.seconds,
      finishAt: estimate.finishAt,
      resultBytes: estimate.resultBytes,
      measured: estimate.measured,
    },
  })),
});
