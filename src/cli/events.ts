/** What changed between two looks at a season, as events: for pipes, logs and `--json`. */
import type { Delivery } from '../domain/season.js';
import type { Event } from './output.js';
import { framesDone, framesOf, type EpisodeStatus, type SeasonStatus } from './season-status.js';
import { alarmWarnings, sizeWarnings } from './views/proof.js';

/** Steps of an episode's progress that are worth a line, in per cent. */
const STEP = 10;

/** @param before absent at the first look: then everything is told */
export function eventsBetween(before: SeasonStatus | undefined, now: SeasonStatus): Event[] {
  const old = new Map(before?.episodes.map((episode) => [episode.id, episode]));
  const events = now.episodes.flatMap((episode) => episodeEvents(old.get(episode.id), episode));
  const same = before?.state === now.state && before.safeToClose === now.safeToClose;
  const { season, state, safeToClose } = now;
  const sizes = before?.state === state ? [] : sizeWarnings(now).map((text): Event => ({ kind: 'warning', text }));
  return same ? events : [...events, ...sizes, { kind: 'season', season, state, safeToClose }];
}

function episodeEvents(before: EpisodeStatus | undefined, now: EpisodeStatus): Event[] {
  const episode = now.stem;
  if (before?.phase !== now.phase) {
    if (now.phase === 'failed' && now.failure) return [{ kind: 'failed', episode, failure: now.failure }];
    if (now.phase === 'done' && now.delivery) return deliveryEvents(now, now.delivery);
    return [{ kind: 'phase', episode, phase: now.phase }];
  }
  const { progress } = now;
  if (!progress || stepOf(before) === stepOf(now)) return [];
  const { etaSeconds } = progress;
  return [
    {
      kind: 'progress',
      episode,
      frames: progress.frames,
      total: framesOf(now),
      rate: progress.rate,
      ...(etaSeconds === undefined ? {} : { etaSeconds }),
    },
  ];
}

const deliveryEvents = (now: EpisodeStatus, { output }: Delivery): Event[] => [
  { kind: 'delivered', episode: now.stem, output },
  ...alarmWarnings(now).map((text): Event => ({ kind: 'warning', text })),
];

const stepOf = (episode: EpisodeStatus): number =>
  Math.floor(((framesDone(episode) / Math.max(1, framesOf(episode))) * 100) / STEP);
