/** What TAAF is compared with: the shortest program that does the same, one process, one loop, no checks. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as ort from 'onnxruntime-node';
import { backendHere } from '../src/cli/hardware.js';
import { packageRoot } from '../src/config/package-root.js';
import { taafPaths } from '../src/config/paths.js';
import { FRAME, PICTURE, wrapGraph } from '../src/models/wrap-graph.js';
import { start } from '../src/process/run.js';

/** Bytes of a packed RGB pixel of 16 bits a channel. */
const PIXEL_BYTES = 6;

export const MODEL = 'realesr-animevideov3-x4';
export const FACTOR = 4;

/** The model that comes with TAAF, on the backend and with the thread settings that an agent takes: only the loop around it differs. */
export async function openBare(threads: number): Promise<ort.InferenceSession> {
  // A backend that is not there is no error worth a line.
  ort.env.logLevel = 'fatal';
  const backend = (await backendHere(taafPaths(process.env))) ?? 'cpu';
  const model = await readFile(join(packageRoot(), 'assets', 'models', `${MODEL}.onnx`));
  return ort.InferenceSession.create(wrapGraph(model), {
    executionProviders: [backend],
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export async function upscaled(session: ort.InferenceSession, frame: Uint16Array, { width, height }: Size) {
  const { [PICTURE]: picture } = await session.run({ [FRAME]: new ort.Tensor('uint16', frame, [1, height, width, 3]) });
  if (!(picture?.data instanceof Uint16Array)) throw new Error('the model gave no picture');
  return new Uint8Array(picture.data.buffer);
}

/** Decoder → model → encoder, one frame after the other; both are whole argv. @returns frames that went through */
export async function throughModel(
  session: ort.InferenceSession,
  size: Size,
  decode: readonly string[],
  encode: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const decoder = start(decode, { signal });
  const encoder = start(encode, { signal });
  encoder.stdout.resume();
  let frames = 0;
  let working: Promise<Uint8Array> | undefined;
  const pictures = async function* (): AsyncGenerator<Uint8Array> {
    for await (const frame of framesOf(decoder.stdout, size)) {
      frames += 1;
      working = upscaled(session, frame, size);
      yield await working;
    }
  };
  const ended = [pipeline(pictures, encoder.stdin), decoder.done, encoder.done];
  // Nothing of it still runs when the first cause is told: a session that is released while it works ends the whole process.
  await Promise.allSettled(ended);
  await Promise.allSettled([working]);
  await Promise.all(ended);
  return frames;
}

/** The frames of a decoder's raw output. */
export async function* framesOf(stream: Readable, { width, height }: Size): AsyncGenerator<Uint16Array> {
  const frame = new Uint8Array(width * height * PIXEL_BYTES);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < frame.length) continue;
      yield new Uint16Array(frame.buffer.slice(0));
      filled = 0;
    }
  }
}
