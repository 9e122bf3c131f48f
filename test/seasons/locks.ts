/** Locks of results that were never rendered. */
import type { RecipeLock } from '../../src/domain/recipe-lock.js';
import { sha256Of } from '../../src/disk/hash.js';
import { ingredientsOf } from '../../src/domain/recipe-lock.js';
import type { EpisodePlan, SeasonPlan } from '../../src/domain/season.js';

/** The lock of an episode as it is planned, whose result has these bytes. */
export const lockAs = (plan: SeasonPlan, episode: EpisodePlan, content = 'picture'): RecipeLock => ({
  ...{ version: 1, output: episode.output, recipe: 'r-0123456789abcdef0123', source: 'ab', profileSha256: 'cd' },
  ...ingredientsOf(plan, episode),
  result: {
    ...{ bytes: Buffer.byteLength(content), sha256: sha256Of(content) },
    ...{ frames: 1, durationSeconds: 1, deliveredAt: 0 },
  },
});
