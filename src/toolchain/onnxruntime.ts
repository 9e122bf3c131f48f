/** The ONNX runtime: a package of its own that may be missing, since its install script does not run everywhere. */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import type { TaafPaths } from '../config/paths.js';
import { codeOf, ignoreMissing, writeDurably } from '../disk/durable.js';
import { sha256Of } from '../disk/hash.js';
import { run } from '../process/run.js';
import { fetchFailure, lastLines, once } from './once.js';
import type { Making } from './once.js';

const NAME = 'onnxruntime-node';

/** Exactly what the lock names, and none of the packages' install scripts. */
export const npmArgv = ['npm', 'ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'] as const;

const lockFolder = (): string => join(packageRoot(), 'assets', 'onnxruntime');

async function ownFolder(paths: TaafPaths): Promise<string> {
  const lock = await readFile(join(lockFolder(), 'package-lock.json'), 'utf8');
  return join(paths.data, 'onnxruntime', sha256Of(lock).slice(0, 16));
}

/** Absolute path of the runtime's entry module: the one beside TAAF, else the one that `taaf setup` installed. */
export async function findRuntime(paths: TaafPaths): Promise<string | undefined> {
  return resolveFrom(packageRoot()) ?? (await findOwn(await ownFolder(paths)));
}

async function findOwn(folder: string): Promise<string | undefined> {
  const marker = await readFile(join(folder, 'complete'), 'utf8').catch(ignoreMissing);
  return marker === undefined ? undefined : resolveFrom(folder);
}

function resolveFrom(folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(NAME);
  } catch (error) {
    if (codeOf(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * The same, installed into the data folder if need be.
 * @throws Failure `network` when the registry does not answer, `tool-missing` when there is no npm
 */
export async function ensureRuntime(making: Making): Promise<string> {
  return (await findRuntime(making.paths)) ?? (await installRuntime(making));
}

/** Installs it into the data folder, whatever lies beside TAAF. */
export async function installRuntime(making: Making): Promise<string> {
  const folder = await ownFolder(making.paths);
  const lock = join(making.paths.data, 'onnxruntime', 'setup.lock');
  const install = {
    what: 'The ONNX runtime’s files',
    lock,
    find: () => findOwn(folder),
    make: () => fetchInto(folder, making),
  };
  return once(install, making);
}

async function fetchInto(folder: string, { report, signal }: Making): Promise<string> {
  report('ONNX runtime, 113 MB');
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of ['package.json', 'package-lock.json'])
    await copyFile(join(lockFolder(), file), join(folder, file));
  const failure = fetchFailure('The ONNX runtime');
  await run(npmArgv, { cwd: folder, failure, evidence: lastLines, ...(signal ? { signal } : {}) });
  await writeDurably(join(folder, 'complete'), '');
  return createRequire(join(folder, 'package.json')).resolve(NAME);
}
