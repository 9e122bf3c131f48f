/** How many frames the restored picture of a source will have, as far as its headers tell. */
import { restoredFrames } from '../domain/cadence.js';
import { ratio } from '../domain/media.js';
import type { EpisodePlan } from '../domain/season.js';
import { cadenceOf, passagesOf } from '../media/restore-chain.js';

type Found = Pick<EpisodePlan, 'source' | 'cadence' | 'profile'>;

const FILM = 24_000 / 1001;

/** Frames a second of the restored picture. */
function restoredRate(found: Found): number {
  const coded = ratio(found.source.picture.frameRate);
  switch (cadenceOf(found)) {
    case 'hard-telecine':
    case 'soft-telecine':
      return FILM;
    case 'interlaced':
      return found.profile.restore.interlaced === 'field' ? coded * 2 : coded;
    case 'progressive':
      return coded;
  }
}

/** At least 1: exact by passages, else an estimate that the manifest replaces. Sound may last longer than the picture, whose length counts. */
export function estimatedFrames(found: Found): number {
  const passages = passagesOf(found);
  if (passages) {
    const { interlaced } = found.profile.restore;
    return passages.reduce((sum, passage) => sum + restoredFrames(passage, interlaced), 0);
  }
  const { picture, durationSeconds } = found.source;
  return Math.max(1, Math.round((picture.durationSeconds ?? durationSeconds) * restoredRate(found)));
}
