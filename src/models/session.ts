/** An open inference session: a model on the first backend that runs it, in a thread of its own. Opening costs seconds: keep it. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Failure } from '../domain/failures.js';
import { backendsHere, type Backend } from './backends.js';
import { FRAME, PICTURE, unsuited, wrapGraph } from './wrap-graph.js';

export interface SessionOptions {
  /** The bytes of an ONNX file, as they were found. */
  readonly model: Uint8Array;
  /** CPU threads of the `cpu` backend. */
  readonly threads: number;
  /** Tried in this order; all by default. */
  readonly backends?: readonly Backend[];
  /** A folder under whose `node_modules` ONNX Runtime lies, if it does not lie beside TAAF itself. */
  readonly runtimeFolder?: string;
}

export interface ModelSession {
  readonly backend: Backend;
  /** How many times wider and higher the picture becomes. */
  readonly factor: number;
  /**
   * Frame → picture, both packed RGB of 16 bits a channel, in native byte order. Calls are answered in their order.
   * The frame's memory is given away: it is empty afterwards.
   * @throws Failure `engine-crashed` with ONNX Runtime's own words; the session should be closed then
   */
  upscale(frame: ArrayBuffer, width: number, height: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What the thread says. */
type Answer =
  | { readonly kind: 'open'; readonly backend: Backend; readonly probe: Probe }
  | { readonly kind: 'no-runtime' | 'no-backend'; readonly reason: string }
  | { readonly kind: 'picture'; readonly id: number; readonly picture: ArrayBuffer }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };

/** What became of a small grey frame. */
interface Probe {
  readonly width: number;
  readonly height: number;
  readonly dims: readonly number[];
  /** Mean of the picture, 0 to 1. */
  readonly brightness: number;
}

interface Call {
  resolve(picture: Uint8Array): void;
  reject(error: Failure): void;
}

/**
 * @throws Failure `unsupported` when the model is no ×N upscaler of RGB pictures or no backend runs it, `tool-missing` without ONNX Runtime
 */
export async function openSession(options: SessionOptions): Promise<ModelSession> {
  const model = wrapGraph(options.model);
  const thread = new Worker(new URL('./ort-thread.mjs', import.meta.url), {
    workerData: {
      runtime: options.runtimeFolder ? join(options.runtimeFolder, 'package.json') : fileURLToPath(import.meta.url),
      model,
      threads: options.threads,
      backends: options.backends ?? (await backendsHere()),
      names: { frame: FRAME, picture: PICTURE },
    },
  });
  try {
    const { backend, probe } = await opened(thread);
    return sessionOn(thread, backend, factorOf(probe));
  } catch (error) {
    await thread.terminate();
    throw error;
  }
}

function opened(thread: Worker): Promise<{ readonly backend: Backend; readonly probe: Probe }> {
  return new Promise((resolve, reject) => {
    thread.once('error', (error) => reject(crashed(String(error), error)));
    thread.once('exit', (code) => reject(crashed(`its thread ended with ${code}`)));
    thread.once('message', (answer: Answer) => {
      if (answer.kind === 'open') resolve(answer);
      else if (answer.kind === 'no-runtime') reject(noRuntime(answer.reason));
      else if (answer.kind === 'no-backend') reject(unsuited(answer.reason, 'a model that ONNX Runtime runs'));
    });
  });
}

const crashed = (evidence: string, cause?: unknown): Failure =>
  new Failure('engine-crashed', 'ONNX Runtime could not upscale a frame', { evidence, cause });

const noRuntime = (evidence: string): Failure =>
  new Failure('tool-missing', 'ONNX Runtime cannot be loaded', { evidence, next: 'Run: taaf setup' });

/** A grey frame must come out grey: a model that wants 0 to 255, or a backend that computes nonsense, fails here and not after hours. */
function factorOf({ width, height, dims, brightness }: Probe): number {
  const [batch, outHeight = 0, outWidth = 0, channels] = dims;
  const factor = outWidth / width;
  const fits =
    batch === 1 && channels === 3 && Number.isInteger(factor) && factor >= 1 && outHeight === factor * height;
  const seen = `${width}x${height} became ${outWidth}x${outHeight} with ${channels} channels`;
  if (!fits) throw unsuited(seen, 'the same whole factor both ways and 3 channels');
  if (brightness < 0.25 || brightness > 0.75) {
    throw unsuited(`grey of 0.5 became ${brightness.toFixed(2)}`, 'RGB from 0 to 1 in and out');
  }
  return factor;
}

function sessionOn(thread: Worker, backend: Backend, factor: number): ModelSession {
  const calls = new Map<number, Call>();
  let next = 0;
  let dead: Failure | undefined;
  const end = (error: Failure): void => {
    dead ??= error;
    for (const call of calls.values()) call.reject(dead);
    calls.clear();
  };
  thread.on('message', (answer: Answer) => settle(calls, answer));
  thread.on('error', (error) => end(crashed(String(error), error)));
  thread.on('exit', (code) => end(crashed(`its thread ended with ${code}`)));
  return {
    backend,
    factor,
    upscale: (frame, width, height) =>
      new Promise((resolve, reject) => {
        if (dead) {
          reject(dead);
          return;
        }
        const id = next++;
        calls.set(id, { resolve, reject });
        thread.postMessage({ id, frame, width, height }, [frame]);
      }),
    close: async () => {
      end(crashed('its session was closed'));
      await thread.terminate();
    },
  };
}

function settle(calls: Map<number, Call>, answer: Answer): void {
  if (answer.kind !== 'picture' && answer.kind !== 'failed') return;
  const call = calls.get(answer.id);
  calls.delete(answer.id);
  if (answer.kind === 'picture') call?.resolve(new Uint8Array(answer.picture));
  else call?.reject(crashed(answer.reason));
}
