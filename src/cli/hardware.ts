/** What an engine would compute on here: the first backend that runs the small model tells. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import type { TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import { findModel } from '../models/catalog.js';
import type { Backend } from '../models/backends.js';
import { openSession } from '../models/session.js';
import { findRuntime } from '../toolchain/onnxruntime.js';

const PROBE_MODEL = 'realesr-animevideov3-x4';

/** Folders with models, the package's own first. */
export const modelFolders = (paths: TaafPaths): string[] => [
  join(packageRoot(), 'assets', 'models'),
  join(paths.data, 'models'),
];

/**
 * The backend that ONNX Runtime takes here; `undefined` where it is not installed.
 * @throws Failure `engine-crashed`, `unsupported` when it is installed and does not work
 */
export async function backendHere(paths: TaafPaths): Promise<Backend | undefined> {
  const runtime = await findRuntime(paths);
  if (runtime === undefined) return undefined;
  const { path } = await findModel(PROBE_MODEL, modelFolders(paths));
  const session = await openSession({ model: await readFile(path), threads: 1, runtimeFolder: dirname(runtime) });
  await session.close();
  return session.backend;
}

/** Name of the GPU that the ONNX engine would use; absent on a plain CPU, and where the runtime does not work (`taaf doctor` says so). */
export async function gpuHere(paths: TaafPaths): Promise<string | undefined> {
  try {
    const backend = await backendHere(paths);
    return backend === undefined || backend === 'cpu' ? undefined : `The GPU (${backend})`;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
