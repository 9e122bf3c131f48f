/** Results of a season whose bit rate is far from that of the others: nothing that is wrong for certain, but worth a look. Pure. */
import type { EpisodeId } from '../domain/ids.js';
import type { Delivery } from '../domain/season.js';
import { medianOf } from '../domain/statistics.js';

export interface RateOutlier {
  readonly episode: EpisodeId;
  /** Bytes of its result a second, and of the others' in the median. */
  readonly bytesPerSecond: number;
  readonly usual: number;
}

/** So many times as much, or as little, is far. */
const FAR = 2;
/** Of fewer results nobody can say what is usual. */
const LEAST = 4;

/** Far by the second and by the frame: an episode of video has twice the frames of one of film, each with half the bytes. */
export function rateOutliers(deliveries: readonly Delivery[]): RateOutlier[] {
  if (deliveries.length < LEAST) return [];
  return deliveries.flatMap((delivery) => {
    const others = deliveries.filter(({ episode }) => episode !== delivery.episode);
    const usual = medianOf(others.map(perSecond));
    const far = [perSecond(delivery) / usual, perFrame(delivery) / medianOf(others.map(perFrame))];
    const isFar = far.every((times) => times > FAR) || far.every((times) => times < 1 / FAR);
    return isFar ? [{ episode: delivery.episode, bytesPerSecond: perSecond(delivery), usual }] : [];
  });
}

const perSecond = ({ bytes, durationSeconds }: Delivery): number => bytes / durationSeconds;
const perFrame = ({ bytes, frames }: Delivery): number => bytes / frames;
