/** What should be looked at in a season's results, as lines for people: in status, report and notices. Pure. */
import type { EpisodeId } from '../domain/ids.js';
import { timecode } from '../domain/proof.js';
import type { Delivery } from '../domain/season.js';
import { rateOutliers } from './outliers.js';

/** An episode as people call it. */
export interface NamedEpisode {
  readonly id: EpisodeId;
  readonly number: number;
  readonly stem: string;
}

/** What to look at first in a delivered episode, as one line; what a human has accepted is no news. */
export function alarmWarnings({ number, stem }: NamedEpisode, { proof }: Delivery): string[] {
  const alarms = (proof?.alarms ?? []).filter(({ accepted }) => !accepted);
  const [first] = alarms;
  if (!first) return [];
  const { kind, seconds } = first;
  const others = alarms.length === 1 ? '' : ` and ${alarms.length - 1} more`;
  return [`${stem} is delivered, but look at ${timecode(seconds)} (${kind})${others}: taaf why ${number}`];
}

/** Results that are far larger or smaller than the others of a season, by episode; ask when all are there. */
export function rateWarnings(
  episodes: readonly NamedEpisode[],
  deliveries: readonly Delivery[],
): ReadonlyMap<EpisodeId, string> {
  const stems = new Map(episodes.map(({ id, stem }) => [id, stem]));
  const ours = deliveries.filter(({ episode }) => stems.has(episode));
  const lines = rateOutliers(ours).map(({ episode, bytesPerSecond, usual }): [EpisodeId, string] => {
    const times = bytesPerSecond > usual ? bytesPerSecond / usual : usual / bytesPerSecond;
    const than = bytesPerSecond > usual ? 'larger' : 'smaller';
    const rates = `${megabits(bytesPerSecond)} Mbit/s, the others ${megabits(usual)}`;
    return [episode, `${stems.get(episode) ?? episode} is ${times.toFixed(1)} times ${than} for its length (${rates})`];
  });
  return new Map(lines);
}

const megabits = (bytesPerSecond: number): string => ((bytesPerSecond * 8) / 1e6).toFixed(1);

/** All of it, in the order of the episodes. */
export function allWarnings(episodes: readonly NamedEpisode[], deliveries: readonly Delivery[]): string[] {
  const byEpisode = new Map(deliveries.map((delivery) => [delivery.episode, delivery]));
  const rates = rateWarnings(episodes, deliveries);
  return episodes.flatMap((episode) => {
    const delivery = byEpisode.get(episode.id);
    const rate = rates.get(episode.id);
    return [...(delivery ? alarmWarnings(episode, delivery) : []), ...(rate === undefined ? [] : [rate])];
  });
}
