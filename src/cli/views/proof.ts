/** What is proven of a delivered episode, for people: a few lines, and a warning where somebody should look. */
import {
  alarmKinds,
  timecode,
  type Alarm,
  type AlarmKind,
  type EpisodeProof,
  type Level,
  type SyncPoint,
} from '../../domain/proof.js';
import type { Delivery } from '../../domain/season.js';
import { alarmWarnings as warningsOf, rateWarnings } from '../../seasons/warnings.js';
import { isSettled, type EpisodeStatus, type SeasonStatus } from '../season-status.js';
import { count } from './figures.js';

type Fact = readonly [label: string, text: string];

/** Lines of `taaf why`; none for a result that was delivered before there were proofs. */
export function proofFacts({ frames, proof }: Delivery): Fact[] {
  if (!proof) return [];
  const { likeness, sync, alarms } = proof;
  return [
    ['Frames', `${frames}${lengthOf(proof)}`],
    ...(proof.fields === undefined ? [] : [['Fields of the source', fieldsText(proof.fields, alarms)] as const]),
    ...(likeness
      ? [
          ['SSIM', levelText(likeness.ssim, (value) => value.toFixed(3))] as const,
          ['XPSNR', levelText(likeness.xpsnr, (value) => `${value.toFixed(1)} dB`)] as const,
          ...(likeness.vmaf ? [['VMAF', levelText(likeness.vmaf, (value) => value.toFixed(1))] as const] : []),
        ]
      : []),
    ['Sync', syncText(sync)],
    ...(alarms.length === 0
      ? [['Alarms', 'none'] as const]
      : alarms.map((alarm) => ['Alarm', alarmText(alarm)] as const)),
  ];
}

const ofFields: ReadonlySet<AlarmKind> = new Set(['lost', 'doubled', 'foreign']);

const fieldsText = (fields: number, alarms: readonly Alarm[]): string =>
  alarms.some(({ kind }) => ofFields.has(kind))
    ? `${fields} looked for; see the alarms`
    : `${fields}, none lost or doubled`;

const lengthOf = ({ longerMs }: EpisodeProof): string =>
  longerMs === undefined
    ? ''
    : `, ${Math.abs(longerMs)} ms ${longerMs < 0 ? 'shorter' : 'longer'} than the source's picture`;

const levelText = ({ mean, low, seconds }: Level, text: (value: number) => string): string =>
  `${text(mean)}, least in the scene at ${timecode(seconds)}: ${text(low)}`;

function syncText(points: readonly SyncPoint[]): string {
  const late = points.flatMap((point) => ('lateMs' in point ? [point.lateMs] : []));
  const skipped = points.length - late.length;
  if (late.length === 0) return `nothing moves enough at ${count(points.length, 'point')} to say anything`;
  const more = skipped === 0 ? '' : `; ${skipped} more said nothing`;
  return `within ${Math.max(...late.map(Math.abs))} ms at ${count(late.length, 'point')}${more}`;
}

function alarmText({ kind, seconds, frames, evidence, still, accepted }: Alarm): string {
  const seen = still === undefined ? '' : `; see ${still}`;
  const by = accepted ? ', accepted by you' : '';
  return `${timecode(seconds)}: the picture ${alarmKinds[kind]} (${kind}, ${count(frames, 'frame')}: ${evidence})${by}${seen}`;
}

/** What to look at first in a delivered episode. */
export const alarmWarnings = (episode: EpisodeStatus): string[] =>
  episode.delivery ? warningsOf(episode, episode.delivery) : [];

/** All that should be looked at once nothing goes on any more. */
export const seasonWarnings = (status: SeasonStatus): string[] =>
  isSettled(status) ? [...status.episodes.flatMap(alarmWarnings), ...sizeWarnings(status)] : [];

/** Results that are far larger or smaller than the others of a season that is finished. */
export const sizeWarnings = ({ state, episodes }: SeasonStatus): string[] =>
  state === 'done'
    ? [
        ...rateWarnings(
          episodes,
          episodes.flatMap(({ delivery }) => delivery ?? []),
        ).values(),
      ]
    : [];
