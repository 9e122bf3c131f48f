/** A whole `taaf submit`, from hand-over to delivery, over the shortest program that does the same. */
import { cp } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { restoredToRgb } from '../src/engines/filters.js';
import { filterThreads, strict } from '../src/engines/argv.js';
import { sourceInput } from '../src/media/ffmpeg.js';
import { cadenceFilters, cadenceOf } from '../src/media/restore-chain.js';
import type { SegmentTask } from '../src/engines/engine.js';
import { FACTOR, openBare, throughModel, upscaled } from './bare.js';
import { median, ratio, ROUNDS, seconds, secondsOf, type Bench, type Row } from './bench.js';
import { makeClip, PROFILE, programsOf, SMALL, taskOf, type Clip } from './clip.js';
import { withHome, type Home } from './home.js';

/** Seconds that the model alone works on all frames, at least. */
const ENGINE_SECONDS = 60;
const AGENTS = 4;
const CORES_PER_AGENT = 2;
const GOAL = '≤ 1.10';

/** Seconds of one round. */
interface Round {
  readonly bare: number;
  readonly before: number;
  readonly season: number;
}

export async function rows(bench: Bench): Promise<Row[]> {
  const cores = availableParallelism();
  const frames = Math.ceil(ENGINE_SECONDS / (await secondsPerFrame()));
  const alone = await measured(bench, { agents: 1, frames });
  const what = `${frames} frames ${SMALL.width}×${SMALL.height} × ${FACTOR}`;
  const together = 'four segments in flight: `taaf submit` / bare pipeline';
  return [
    { what: `bare pipeline, ${what}`, figure: seconds(median(alone.map(({ bare }) => bare))) },
    { what: '`taaf submit`, from hand-over to delivered', figure: seconds(median(alone.map(({ season }) => season))) },
    { what: '`taaf submit` / bare pipeline', figure: ratioOf(alone), goal: GOAL },
    {
      what: 'before the hand-over: start, intake, calibration',
      figure: seconds(median(alone.map(({ before }) => before))),
    },
    cores < AGENTS * CORES_PER_AGENT
      ? { what: together, figure: `not measured here: ${cores} cores`, goal: GOAL }
      : { what: together, figure: ratioOf(await measured(bench, { agents: AGENTS, frames })), goal: GOAL },
  ];
}

const ratioOf = (rounds: readonly Round[]): string => ratio(rounds.map(({ bare, season }) => season / bare));

async function secondsPerFrame(): Promise<number> {
  const few = 8;
  const session = await openBare(availableParallelism());
  const frame = new Uint16Array(SMALL.width * SMALL.height * 3);
  try {
    await upscaled(session, frame, SMALL);
    return (
      (await secondsOf(async () => {
        for (let n = 0; n < few; n++) await upscaled(session, frame, SMALL);
      })) / few
    );
  } finally {
    await session.release();
  }
}

interface Load {
  readonly agents: number;
  /** Of all clips together; every agent has one. */
  readonly frames: number;
}

function measured(bench: Bench, { agents, frames }: Load): Promise<Round[]> {
  const clip = { ...SMALL, frames: Math.ceil(frames / agents) };
  const act = async (home: Home): Promise<Round[]> => {
    const tasks: SegmentTask[] = [];
    for (let n = 1; n <= agents; n++)
      tasks.push(await clipTask(bench, join(bench.folder, `${n}-of-${agents}.mkv`), clip, n));
    const rounds: Round[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      bench.say(`a whole submit with ${agents} at once, round ${round} of ${ROUNDS}`);
      const bare = await secondsOf(() => barely(bench, tasks));
      const { before, season } = await submitted(home, join(bench.folder, `season-of-${agents}-${round}`), tasks);
      bench.say(`  bare ${seconds(bare)}, submitted ${seconds(season)}`);
      rounds.push({ bare, before, season });
    }
    return rounds;
  };
  return withHome(bench, `submit-home-${agents}`, act, { TAAF_LOCAL_AGENTS: String(agents) });
}

/** Every clip has its own colours: a season leaves out what it has already. */
async function clipTask(bench: Bench, source: string, clip: Clip, number: number): Promise<SegmentTask> {
  await makeClip(bench, source, clip, number);
  return taskOf(bench, source, clip);
}

/** A folder with all clips, submitted and delivered. */
async function submitted(home: Home, folder: string, tasks: readonly SegmentTask[]): Promise<Omit<Round, 'bare'>> {
  for (const { input } of tasks) await cp(input, join(folder, basename(input)));
  const began = Date.now();
  await home.taaf('submit', folder, '--profile', PROFILE, '--yes', '--watch');
  const { submitted: at, delivered } = await home.times(folder);
  return { before: (at - began) / 1000, season: (delivered - at) / 1000 };
}

/** The sources through the same restoring, model and encoder, one after the other. */
async function barely({ tools, signal }: Bench, tasks: readonly SegmentTask[]): Promise<void> {
  const session = await openBare(availableParallelism());
  try {
    for (const task of tasks) {
      const encode = [tools.ffmpeg, ...programsOf(task).encode(FACTOR)];
      const through = await throughModel(session, task, [tools.ffmpeg, ...restoring(task)], encode, signal);
      if (through !== task.frames) throw new Error(`${through} frames went through instead of ${task.frames}`);
    }
  } finally {
    await session.release();
  }
}

/** From the source straight to the model's frames: restored, and kept nowhere. */
function restoring(task: SegmentTask): string[] {
  const { job, input } = task;
  const { picture } = job.info;
  const restored = cadenceFilters(cadenceOf(job), job.cadence.fieldOrder, job.profile.restore.interlaced, picture);
  const filters = [...restored, restoredToRgb(task)].join(',');
  return [
    ...[...strict, ...filterThreads(task), ...sourceInput(input), '-vf', filters],
    ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
}
