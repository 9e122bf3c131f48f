/** A disc's title as a file in the season's work folder: copied once, whole or not at all. The disc may go when it is there. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing, syncFile, syncFolder } from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import { canonicalJson, sha256Of } from '../disk/hash.js';
import { copyOrigin } from '../discs/copy.js';
import type { OriginTask } from '../discs/origin.js';
import type { MediaTools } from '../domain/tools.js';
import { probe } from '../media/probe.js';
import { failpoint } from '../process/failpoint.js';
import type { Source } from './source.js';

/** Begins the names of copies in the making. */
const PART = '.source-';

interface CopyTask extends OriginTask {
  /** Folder of the episode's files in the making. */
  readonly home: string;
  /** Throws when the disc is not the one that was submitted. */
  readonly check: () => Promise<void>;
}

/**
 * Finds the copy that an earlier attempt has made, or makes it.
 * @throws Failure as `check` and `copyOrigin` do
 */
export async function copiedOrigin(tools: MediaTools, task: CopyTask): Promise<Source> {
  const { origin, home, signal } = task;
  // Named by what it was copied from: another disc in its place never gives its film to this episode.
  const path = join(home, `source-${sha256Of(canonicalJson(origin)).slice(0, 16)}.mkv`);
  if ((await stat(path).catch(ignoreMissing)) === undefined) await make(tools, task, path);
  const { size: bytes, mtimeMs: modifiedMs } = await stat(path);
  return { path, bytes, modifiedMs, info: await probe(tools, path, signal) };
}

async function make(tools: MediaTools, task: CopyTask, path: string): Promise<void> {
  const { home, check } = task;
  const part = join(home, `${PART}${randomUUID()}.mkv`);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await removeParts(home);
    await check();
    await copyOrigin(tools, task, part);
    await check();
    await syncFile(part);
    failpoint('copy');
    await rename(part, path);
    await syncFolder(home);
  } catch (error) {
    await rm(part, { force: true });
    throw diskFailure(error, home);
  }
}

/** What killed attempts have left: gigabytes. One that still runs loses its part, and with it the race. */
async function removeParts(home: string): Promise<void> {
  const parts = (await readdir(home)).filter((name) => name.startsWith(PART));
  await Promise.all(parts.map((name) => rm(join(home, name), { force: true })));
}
