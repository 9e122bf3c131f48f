/** What a profile's engine needs beside the tools: the ONNX runtime, and a model that does not come with TAAF. */
import type { TaafPaths } from '../config/paths.js';
import type { Profile } from '../domain/profile.js';
import { convertNcnn } from '../models/convert.js';
import { ensureModel } from '../toolchain/model.js';
import { ensureRuntime } from '../toolchain/onnxruntime.js';
import type { Context } from './context.js';

const FETCHED = 'realesrgan-x4plus';

/** Fetches what is missing, with visible progress. */
export async function provide(profiles: readonly Profile[], paths: TaafPaths, context: Context): Promise<void> {
  const { env, signal } = context;
  const models = profiles.flatMap(({ upscale }) => (upscale.engine === 'onnx' ? [upscale.model] : []));
  const report = (text: string): void => context.emit({ kind: 'step', text });
  if (models.length > 0) await ensureRuntime({ paths, report, signal });
  if (models.includes(FETCHED)) await ensureModel(FETCHED, { paths, env, report, signal, convert: convertNcnn });
}
