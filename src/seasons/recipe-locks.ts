/** The locks of an output folder: what each of its results was made of, in files beside them that travel with the folder. */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf, syncFolder, writeDurably } from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import { sha256Of, sha256OfFile } from '../disk/hash.js';
import type { RecipeLock } from '../domain/recipe-lock.js';

/** TAAF's own folder beside results: media servers do not look into hidden ones. */
export const ownFolder = (out: string): string => join(out, '.taaf');

const folderOf = (out: string): string => join(ownFolder(out), 'recipes');
const fileOf = (out: string, output: string): string => join(folderOf(out), `${sha256Of(output).slice(0, 16)}.json`);

/** As readable as the results: another computer's user reads it too. */
const MODE = 0o644;

/** What of a lock is relied on; a file that somebody else wrote has something else. */
const schema = z.object({
  version: z.literal(1),
  output: z.string(),
  recipe: z.string(),
  profile: z.looseObject({ restore: z.looseObject({}), upscale: z.looseObject({}), encode: z.looseObject({}) }),
  cadence: z.looseObject({}),
  target: z.looseObject({ width: z.number(), height: z.number() }),
  tools: z.record(z.string(), z.string()),
  result: z.looseObject({ bytes: z.number(), sha256: z.string() }),
});

/** @throws Failure `disk-full`, `output-unwritable` or `permission` naming the folder */
export async function writeLock(out: string, lock: RecipeLock): Promise<void> {
  const folder = folderOf(out);
  try {
    await mkdir(folder, { recursive: true });
    await writeDurably(fileOf(out, lock.output), `${JSON.stringify(lock, undefined, 1)}\n`, MODE);
    for (const parent of [dirname(folder), out]) await syncFolder(parent);
  } catch (error) {
    throw diskFailure(error, folder);
  }
}

/** Who has put the file there that lies where a result belongs: somebody else, or TAAF by the recipe of this lock. */
export async function occupantOf(
  out: string,
  output: string,
  signal: AbortSignal,
): Promise<'nobody' | 'stranger' | RecipeLock> {
  const path = join(out, output);
  const before = await statOf(path);
  if (!before) return 'nobody';
  const lock = await readLock(fileOf(out, output));
  if (lock?.output !== output || lock.result.bytes !== before.size) return 'stranger';
  if ((await sha256OfFile(path, undefined, signal)) !== lock.result.sha256) return 'stranger';
  const after = await statOf(path);
  return after?.ino === before.ino && after.mtimeMs === before.mtimeMs ? lock : 'stranger';
}

/** The locks of results that still lie there, known by their sizes; in the order of their names. */
export async function locksIn(out: string): Promise<RecipeLock[]> {
  const names = (await namesIn(folderOf(out))).filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
  const found = await Promise.all(names.map((name) => lockOfPresent(out, join(folderOf(out), name))));
  return found.flatMap((lock) => lock ?? []).sort((a, b) => (a.output < b.output ? -1 : 1));
}

async function lockOfPresent(out: string, file: string): Promise<RecipeLock | undefined> {
  const lock = await readLock(file);
  return lock && (await statOf(join(out, lock.output)))?.size === lock.result.bytes ? lock : undefined;
}

/** A file that is damaged, or another version's, says nothing: then the result is a stranger's. */
async function readLock(file: string): Promise<RecipeLock | undefined> {
  try {
    const lock: unknown = JSON.parse(await readFile(file, 'utf8'));
    return schema.safeParse(lock).success ? (lock as RecipeLock) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isAbsent(error)) return undefined;
    throw error;
  }
}

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
