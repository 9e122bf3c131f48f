/** Open inference sessions by model: opening one takes seconds and a GPU's memory, so an agent keeps it for all its segments. */
import { readFile } from 'node:fs/promises';
import { Failure } from '../domain/failures.js';
import { findModel } from '../models/catalog.js';
import type { Backend } from '../models/backends.js';
import { openSession, type ModelSession } from '../models/session.js';

export interface UpscalerOptions {
  /** Folders with built-in models. */
  readonly models: readonly string[];
  /** The folder that holds ONNX Runtime where it is not installed beside TAAF. */
  readonly onnxRuntime?: string;
  readonly threads: number;
  /** Tried in this order; all by default. */
  readonly backends?: readonly Backend[];
}

export interface Upscalers {
  /** The open session of a model; a session that has failed is opened anew. */
  get(model: string): Promise<ModelSession>;
  close(): Promise<void>;
}

export function keepUpscalers(options: UpscalerOptions): Upscalers {
  const sessions = new Map<string, Promise<ModelSession>>();
  const drop = async (model: string): Promise<void> => {
    const session = sessions.get(model);
    sessions.delete(model);
    await (await session)?.close();
  };
  const open = async (model: string): Promise<ModelSession> => {
    const { path } = await findModel(model, options.models);
    const { onnxRuntime: runtimeFolder, threads, backends } = options;
    const session = await openSession({
      model: await readFile(path),
      threads,
      ...(backends ? { backends } : {}),
      ...(runtimeFolder ? { runtimeFolder } : {}),
    });
    return droppedOnFailure(session, () => drop(model));
  };
  return {
    get: (model) => {
      const known = sessions.get(model);
      if (known) return known;
      const opening = open(model);
      sessions.set(model, opening);
      opening.catch(() => sessions.delete(model));
      return opening;
    },
    close: async () => {
      await Promise.all([...sessions.keys()].map(drop));
    },
  };
}

const droppedOnFailure = (session: ModelSession, drop: () => Promise<void>): ModelSession => ({
  ...session,
  upscale: async (...frame) => {
    try {
      return await session.upscale(...frame);
    } catch (error) {
      if (error instanceof Failure && error.kind === 'engine-crashed') await drop();
      throw error;
    }
  },
});
