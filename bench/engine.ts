/** The ONNX engine as an agent runs it, over the bare model; and the memory that an agent takes. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openRenderer, type Renderer } from '../src/agent/render.js';
import { packageRoot } from '../src/config/package-root.js';
import type { SegmentTask } from '../src/engines/engine.js';
import { start } from '../src/process/run.js';
import { FACTOR, framesOf, openBare, throughModel, upscaled } from './bare.js';
import { megabytes, median, ratio, ROUNDS, seconds, secondsOf, type Bench, type Row } from './bench.js';
import { makeClip, makeRestored, programsOf, SMALL, taskOf, type Clip } from './clip.js';
import { agentMemory } from './memory.js';

const FRAMES = 24;
const WARMING = 2;

interface Round {
  /** Seconds for all frames: the model alone, with both ffmpegs beside it, and as an agent does it. */
  readonly model: number;
  readonly loop: number;
  readonly engine: number;
}

export async function rows(bench: Bench): Promise<Row[]> {
  const rounds = await speeds(bench);
  const { agent, all } = await agentMemory(bench);
  const perSecond = (times: readonly number[]): string => `${(FRAMES / median(times)).toFixed(2)} frames/s`;
  const size = `${SMALL.width}×${SMALL.height}`;
  return [
    { what: `the model alone, ${size} × ${FACTOR}`, figure: perSecond(rounds.map((round) => round.model)) },
    { what: 'a bare loop with decoder and encoder', figure: perSecond(rounds.map((round) => round.loop)) },
    { what: 'the engine as an agent runs it', figure: perSecond(rounds.map((round) => round.engine)) },
    { what: 'engine / model alone', figure: ratio(rounds.map(({ model, engine }) => model / engine)), goal: '≥ 0.95' },
    {
      what: 'engine / bare loop',
      figure: ratio(rounds.map(({ loop, engine }) => loop / engine)),
      goal: '≥ 0.95',
    },
    { what: 'peak memory at 720×480 × 4: the agent', figure: agent === 0 ? 'not known here' : megabytes(agent) },
    { what: 'peak memory at 720×480 × 4: with its ffmpegs', figure: all === 0 ? 'not known here' : megabytes(all) },
  ];
}

async function speeds(bench: Bench): Promise<Round[]> {
  const threads = availableParallelism();
  const task = await restoredTask(bench, { ...SMALL, frames: FRAMES });
  const frames = await decoded(bench, task);
  const bare = await openBare(threads);
  const renderer = openRenderer({ tools: bench.tools, models: [join(packageRoot(), 'assets', 'models')], threads });
  const rounds: Round[] = [];
  try {
    await renderer.render(await restoredTask(bench, { ...SMALL, frames: WARMING }), quietly(bench));
    for (let round = 1; round <= ROUNDS; round++) {
      bench.say(`the engine, round ${round} of ${ROUNDS}`);
      const model = await secondsOf(async () => {
        for (const frame of frames) {
          bench.signal.throwIfAborted();
          await upscaled(bare, frame, SMALL);
        }
      });
      const loop = await secondsOf(() => bareLoop(bench, task, bare));
      const engine = await secondsOf(() => renderer.render(task, quietly(bench)));
      bench.say(`  model ${seconds(model)}, bare loop ${seconds(loop)}, engine ${seconds(engine)}`);
      rounds.push({ model, loop, engine });
    }
  } finally {
    await renderer.close();
    await bare.release();
  }
  return rounds;
}

const quietly = ({ signal }: Bench): Parameters<Renderer['render']>[1] => ({ signal, onFrames: () => undefined });

async function restoredTask(bench: Bench, clip: Clip): Promise<SegmentTask> {
  const source = join(bench.folder, `clip-${clip.frames}.mkv`);
  const restored = join(bench.folder, `restored-${clip.frames}.mkv`);
  await makeClip(bench, source, clip);
  await makeRestored(bench, source, restored);
  return { ...(await taskOf(bench, source, clip)), input: restored };
}

/** All frames in memory, so that the model alone is measured. */
async function decoded({ tools, signal }: Bench, task: SegmentTask): Promise<Uint16Array[]> {
  const decoder = start([tools.ffmpeg, ...programsOf(task).decode], { signal });
  const frames: Uint16Array[] = [];
  for await (const frame of framesOf(decoder.stdout, task)) frames.push(frame);
  await decoder.done;
  return frames;
}

function bareLoop({ tools, signal }: Bench, task: SegmentTask, session: Awaited<ReturnType<typeof openBare>>) {
  const { decode, encode } = programsOf(task);
  return throughModel(session, task, [tools.ffmpeg, ...decode], [tools.ffmpeg, ...encode(FACTOR)], signal);
}
