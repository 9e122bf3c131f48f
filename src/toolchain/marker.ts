/** The record of a finished toolchain: written last, so whatever lacks it is half-made. */
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Env, TaafPaths } from '../config/paths.js';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { toolchainHash } from './stages.js';

const schema = z.object({
  venv: z.string(),
  python: z.string(),
  tools: z.object({ ffmpeg: z.string(), ffprobe: z.string(), temporal: z.string(), apprise: z.string() }),
});

export type Toolchain = z.infer<typeof schema>;

export const toolchainsFolder = (paths: TaafPaths): string => join(paths.data, 'toolchain');

/** Folder of the toolchain that this version of TAAF wants. */
export const toolchainFolder = async (paths: TaafPaths): Promise<string> =>
  join(toolchainsFolder(paths), await toolchainHash());

const markerIn = (folder: string): string => join(folder, 'complete.json');

export const writeMarker = (folder: string, toolchain: Toolchain): Promise<void> =>
  writeDurably(markerIn(folder), `${JSON.stringify(toolchain, null, 2)}\n`);

/** The finished toolchain; `undefined` when there is none, or when somebody took a program out of it. */
export async function readMarker(folder: string): Promise<Toolchain | undefined> {
  const text = await readFile(markerIn(folder), 'utf8').catch(ignoreMissing);
  const read = text === undefined ? undefined : schema.safeParse(parsed(text));
  if (!read?.success) return undefined;
  const there = await Promise.all(Object.values(read.data.tools).map(isProgram));
  return there.every(Boolean) ? read.data : undefined;
}

/**
 * The virtual environment whose pip fetches.
 * @throws Failure `tool-missing` before `taaf setup`
 */
export async function pythonFolder(paths: TaafPaths, env: Env): Promise<string> {
  const venv = env['TAAF_TOOLCHAIN'] ?? (await readMarker(await toolchainFolder(paths)))?.venv;
  if (venv !== undefined) return venv;
  throw new Failure('tool-missing', 'TAAF’s tools are not set up yet', { next: 'Run: taaf setup' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A torn marker is as good as none: setting up again replaces it.
    return undefined;
  }
}

/** Whether this user may run a file. */
export const isProgram = (path: string): Promise<boolean> => may(path, constants.X_OK);

/** Whether this user may read a file. */
export const isReadable = (path: string): Promise<boolean> => may(path, constants.R_OK);

const may = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
