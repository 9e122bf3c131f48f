/** The programs in force: the toolchain's, or those that the settings choose. Reads records only and spawns nothing. */
import { stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Env, TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import { isProgram, readMarker, toolchainFolder } from './marker.js';
import { toolsIn } from './venv.js';

/** Each `auto` (the toolchain's), `path` (the one on PATH) or an absolute path. */
export interface ToolChoices {
  readonly ffmpeg: string;
  readonly temporal: string;
}

/**
 * `TAAF_TOOLCHAIN` names a ready virtual environment that is used in place of the one that `taaf setup` makes (packagers, tests).
 * @throws Failure `tool-missing` that names the program and the command that mends it
 */
export async function locateTools(paths: TaafPaths, choices: ToolChoices, env: Env): Promise<Tools> {
  const own = await ownTools(paths, env);
  return {
    ...own,
    ffmpeg: await chosen('ffmpeg', choices.ffmpeg, own.ffmpeg, env),
    temporal: await chosen('temporal', choices.temporal, own.temporal, env),
  };
}

async function ownTools(paths: TaafPaths, env: Env): Promise<Tools> {
  const given = env['TAAF_TOOLCHAIN'];
  if (given) return toolsIn(given);
  const toolchain = await readMarker(await toolchainFolder(paths));
  if (toolchain) return toolchain.tools;
  throw new Failure('tool-missing', 'TAAF’s tools are not set up yet', { next: 'Run: taaf setup' });
}

async function chosen(name: string, choice: string, own: string, env: Env): Promise<string> {
  if (choice === 'auto') return own;
  const program = isAbsolute(choice) ? choice : await onPath(name, env);
  if (program !== undefined && (await isProgram(program))) return program;
  throw new Failure('tool-missing', `The settings ask for another ${name}, but there is none`, {
    evidence: `tools.${name}: ${choice}`,
    next: `Mend tools.${name} in config.yaml, or set it to auto`,
  });
}

/** The first program of that name on PATH. */
export async function onPath(name: string, env: Env): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const program = join(folder, name);
    if (isAbsolute(program) && (await isProgram(program)) && (await stat(program)).isFile()) return program;
  }
  return undefined;
}
