/**
 * The thread in which ONNX Runtime works: its `run` blocks the thread that calls it, and the main thread has pipes to serve.
 * Plain JavaScript, since Node starts it from its file. Messages are the types of session.ts; frames are handed over, never copied.
 */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/** A small frame that is wider than high, so that a model which swaps its axes is seen; even the oldest model takes multiples of 16. */
const PROBE = { width: 64, height: 32 };
const GREY = 32_768;

const { runtime, model, threads, backends, names } = workerData;
const textOf = (error) => (error instanceof Error ? error.message : String(error));

async function upscaled(ort, session, frame, width, height) {
  const tensor = new ort.Tensor('uint16', frame, [1, height, width, 3]);
  return (await session.run({ [names.frame]: tensor }))[names.picture];
}

async function opened(ort, backend) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [backend],
    intraOpNumThreads: threads,
    // Waiting threads sleep: they share the cores with two ffmpegs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const { width, height } = PROBE;
  const picture = await upscaled(ort, session, new Uint16Array(width * height * 3).fill(GREY), width, height);
  const grey = picture.data.reduce((sum, value) => sum + value, 0) / picture.data.length;
  return { session, probe: { width, height, dims: [...picture.dims], brightness: grey / 65_535 } };
}

/** The first backend that really runs a frame; every attempt's error is told when there is none. */
async function firstThatRuns(ort) {
  const there = ort.listSupportedBackends().map(({ name }) => name);
  const errors = [];
  for (const backend of backends.filter((name) => there.includes(name))) {
    try {
      return { backend, ...(await opened(ort, backend)) };
    } catch (error) {
      errors.push(`${backend}: ${textOf(error)}`);
    }
  }
  throw new Error(errors.join('; ') || `ONNX Runtime here knows only ${there.join(', ')}`);
}

function loadRuntime() {
  const ort = createRequire(runtime)('onnxruntime-node');
  // A backend that is not there is no error worth a line: the next one is tried.
  ort.env.logLevel = 'fatal';
  return ort;
}

function serve(ort, session) {
  parentPort.on('message', async ({ id, frame, width, height }) => {
    try {
      const { data } = await upscaled(ort, session, new Uint16Array(frame), width, height);
      parentPort.postMessage({ kind: 'picture', id, picture: data.buffer }, [data.buffer]);
    } catch (error) {
      parentPort.postMessage({ kind: 'failed', id, reason: textOf(error) });
    }
  });
}

let ort;
try {
  ort = loadRuntime();
} catch (error) {
  parentPort.postMessage({ kind: 'no-runtime', reason: textOf(error) });
}
if (ort) {
  try {
    const { backend, session, probe } = await firstThatRuns(ort);
    serve(ort, session);
    parentPort.postMessage({ kind: 'open', backend, probe });
  } catch (error) {
    parentPort.postMessage({ kind: 'no-backend', reason: textOf(error) });
  }
}
