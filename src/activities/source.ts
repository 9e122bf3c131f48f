/** The source on the user's disk: it must be the file that intake saw, at every step that reads it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import type { PlannedEpisode } from './plan.js';

/**
 * @returns the absolute path of the source
 * @throws Failure `bad-source` when it is gone or is another file than was submitted
 */
export async function checkedSource({ plan, episode }: PlannedEpisode): Promise<string> {
  const path = join(plan.folder, episode.path);
  const found = await stat(path).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EIO', 'ESTALE'].includes(codeOf(error) ?? '')) throw error;
    throw new Failure('bad-source', `The source ${episode.path} cannot be read any more`, {
      ...(codeOf(error) === undefined ? {} : { evidence: `${codeOf(error) ?? ''} ${path}` }),
      cause: error,
    });
  });
  if (found.size === episode.bytes && Math.abs(found.mtimeMs - episode.modifiedMs) < 1) return path;
  throw new Failure('bad-source', `The source ${episode.path} has changed since it was submitted`, {
    evidence: `${found.size} bytes of ${new Date(found.mtimeMs).toISOString()} instead of ${episode.bytes} of ${new Date(episode.modifiedMs).toISOString()}`,
    next: 'Put the submitted file back and run: taaf retry <episode>. To take the new file, submit the folder again',
  });
}
