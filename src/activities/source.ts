/** The source on the user's disk: it must be the file, or the disc, that intake saw, at every step that reads it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import type { FileIdentity } from '../domain/disc.js';
import { Failure } from '../domain/failures.js';
import type { SourceInfo } from '../domain/media.js';
import type { EpisodePlan } from '../domain/season.js';
import type { EpisodeRef } from '../workflows/activities.js';
import type { ActivityContext } from './boundary.js';
import { copiedOrigin } from './copied-origin.js';
import type { PlannedEpisode } from './plan.js';
import type { Ports } from './ports.js';

/** The one file that an episode is made from. */
export interface Source {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly info: SourceInfo;
}

/**
 * The episode's source: the submitted file itself, or what its disc was copied into.
 * @throws Failure `bad-source` when it is gone or is another than was submitted
 */
export async function checkedSource(
  ports: Ports,
  task: EpisodeRef,
  { plan, episode }: PlannedEpisode,
  { signal }: Pick<ActivityContext, 'signal'>,
): Promise<Source> {
  const { origin, bytes, modifiedMs, source: info } = episode;
  if (origin) {
    const home = (await ports.places(task.season)).home(task.episode);
    const check = (): Promise<void> => checkFiles(plan.folder, origin.files, episode);
    return copiedOrigin(ports.tools, { folder: plan.folder, origin, home, signal, check });
  }
  await checkFiles(plan.folder, [episode], episode);
  return { path: join(plan.folder, episode.path), bytes, modifiedMs, info };
}

async function checkFiles(folder: string, files: readonly FileIdentity[], episode: EpisodePlan): Promise<void> {
  for (const file of files) await checkFile(join(folder, file.path), file, episode);
}

async function checkFile(path: string, file: FileIdentity, episode: EpisodePlan): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EIO', 'ESTALE'].includes(codeOf(error) ?? '')) throw error;
    throw new Failure('bad-source', `The source ${episode.path} cannot be read any more`, {
      ...(codeOf(error) === undefined ? {} : { evidence: `${codeOf(error) ?? ''} ${path}` }),
      cause: error,
    });
  });
  if (found.size === file.bytes && Math.abs(found.mtimeMs - file.modifiedMs) < 1) return;
  const about = episode.origin === undefined ? '' : `${file.path}: `;
  throw new Failure('bad-source', `The source ${episode.path} has changed since it was submitted`, {
    evidence: `${about}${found.size} bytes of ${new Date(found.mtimeMs).toISOString()} instead of ${file.bytes} of ${new Date(file.modifiedMs).toISOString()}`,
    next: 'Put the submitted file back and run: taaf retry <episode>. To take the new file, submit the folder again',
  });
}
