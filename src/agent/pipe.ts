/** Raw frames from a decoder through a model into an encoder: in order, counted, at most a few in memory, all three busy at once. */
import type { Writable } from 'node:stream';
import { Failure } from '../domain/failures.js';
import { rawFrames } from '../process/raw-frames.js';
import type { Running } from '../process/run.js';

export interface PipeWork {
  readonly frames: number;
  /** Bytes of a frame on its way in. */
  readonly frameBytes: number;
  /** Turns a frame into a picture; calls are answered in their order. The frame's memory is given away. */
  readonly upscale: (frame: ArrayBuffer) => Promise<Uint8Array>;
  /** Called with the count of pictures that the encoder has taken. */
  readonly onFrames: (frames: number) => void;
}

/** Frames that wait for the model besides the one it works on. */
const WAITING = 2;

/**
 * Moves all frames and waits for both programs' good end. It rejects with the first cause: the decoder's own failure when frames stop
 * coming, the encoder's own when it takes no more; the other program's broken pipe is no cause. The caller ends what still runs.
 * @throws Failure `verify-failed` when the decoder gives another number of frames than it should
 */
export async function pipeFrames(decoder: Running, encoder: Running, work: PipeWork): Promise<void> {
  const pictures: Promise<Uint8Array>[] = [];
  let taken = 0;
  let given = 0;
  const encodeAllBut = async (few: number): Promise<void> => {
    while (pictures.length > few) {
      const picture = await pictures.shift();
      if (picture) await give(encoder, picture);
      work.onFrames(++given);
    }
  };
  for await (const frame of framesOf(decoder, work.frameBytes)) {
    if (++taken > work.frames) break;
    const picture = work.upscale(frame);
    // Its failure is met in its turn; until then nobody awaits it.
    picture.catch(() => undefined);
    pictures.push(picture);
    await encodeAllBut(WAITING);
  }
  await encodeAllBut(0);
  requireAll(taken, work.frames);
  encoder.stdin.end();
  await encoder.done;
}

function requireAll(frames: number, wanted: number): void {
  if (frames === wanted) return;
  const evidence = frames > wanted ? `more than ${wanted} frames` : `${frames} frames instead of ${wanted}`;
  throw new Failure('verify-failed', 'A restored segment has another number of frames than its manifest says', {
    evidence,
  });
}

/** The decoder's output in frames; ends only after the decoder has ended well. */
async function* framesOf(decoder: Running, frameBytes: number): AsyncGenerator<ArrayBuffer> {
  try {
    for await (const { buffer } of rawFrames(decoder.stdout, frameBytes)) yield buffer;
  } catch (error) {
    await decoder.done;
    throw error;
  }
  await decoder.done;
}

/** Writes a picture and waits until the encoder has taken it. When it does not, why it ended is the failure. */
async function give(encoder: Running, picture: Uint8Array): Promise<void> {
  try {
    await written(encoder.stdin, picture);
  } catch (error) {
    await encoder.done;
    throw new Failure('engine-crashed', 'The encoder ended before the last frame', { cause: error });
  }
}

const written = (stream: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
