/** A file that the frames of an episode can be read from anywhere in it. */
import { join } from 'node:path';
import { copyOrigin } from '../discs/copy.js';
import type { EpisodePlan } from '../domain/season.js';
import { inScratch, type SamplingOptions } from './sample.js';

/**
 * Hands over the source itself, or of a disc a copy of the title, which goes again.
 * @throws Failure `bad-source`, `unsupported` or `disk-full` when the title cannot be copied; what `use` throws
 */
export async function withEpisodeFile<T>(
  { path, origin }: EpisodePlan,
  { plan, tools, paths, signal }: SamplingOptions,
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (origin === undefined) return use(join(plan.folder, path));
  return inScratch(paths, async (folder) => {
    const copy = join(folder, 'title.mkv');
    await copyOrigin(tools, { folder: plan.folder, origin, signal }, copy);
    return use(copy);
  });
}
