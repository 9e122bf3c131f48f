/** Results of a season whose size is far from that of the others: nothing that is wrong for certain, but worth a look. Pure. */
import type { EpisodeId } from '../domain/ids.js';
import type { Delivery } from '../domain/season.js';
import { medianOf } from '../domain/statistics.js';

export interface SizeOutlier {
  readonly episode: EpisodeId;
  /** Bytes of its result a frame, and of the others' in the median. */
  readonly bytesPerFrame: number;
  readonly usual: number;
}

/** So many times as large, or as small, is far. */
const FAR = 2;
/** Of fewer results nobody can say what is usual. */
const LEAST = 4;

export function sizeOutliers(deliveries: readonly Delivery[]): SizeOutlier[] {
  if (deliveries.length < LEAST) return [];
  const all = deliveries.map(({ episode, bytes, frames }) => ({ episode, bytesPerFrame: bytes / frames }));
  return all.flatMap(({ episode, bytesPerFrame }) => {
    const usual = medianOf(all.filter((other) => other.episode !== episode).map((other) => other.bytesPerFrame));
    const isFar = bytesPerFrame > usual * FAR || bytesPerFrame < usual / FAR;
    return isFar ? [{ episode, bytesPerFrame, usual }] : [];
  });
}
