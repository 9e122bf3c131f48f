/** The last step: the segments become the episode, verified against its source, and appear in the output folder as a whole. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, writeDurably } from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import { sha256OfFile } from '../disk/hash.js';
import { publish } from '../disk/publish.js';
import { boardOf, type Board } from '../domain/board.js';
import { Failure } from '../domain/failures.js';
import type { EpisodeProof } from '../domain/proof.js';
import type { Delivery } from '../domain/season.js';
import { joinAndMux } from '../media/join.js';
import { verifyResult } from '../media/verify.js';
import { failpoint } from '../process/failpoint.js';
import { workReader } from '../store/work.js';
import type { Activities, RecipeRef } from '../workflows/activities.js';
import { activity, type ActivityContext } from './boundary.js';
import { homeOf } from './home.js';
import { plannedEpisode, type PlannedEpisode } from './plan.js';
import type { Ports } from './ports.js';
import { proveEpisode } from './prove.js';
import { checkedSource } from './source.js';

export const assembleActivities = (ports: Ports): Pick<Activities, 'assemble'> => ({
  assemble: activity((task, context) => assemble(ports, task, context)),
});

/** What is about to be put into the output folder: a crash after that finds its own work again by it. */
interface Result {
  readonly bytes: number;
  readonly sha256: string;
  readonly frames: number;
  readonly durationSeconds: number;
  /** Absent where 0.1.0 began what this version goes on with. */
  readonly proof?: EpisodeProof;
}

async function assemble(ports: Ports, task: RecipeRef, context: ActivityContext): Promise<Delivery | 'incomplete'> {
  const planned = await plannedEpisode(ports, task);
  const output = join(planned.plan.out, planned.episode.output);
  const folder = (await ports.places(task.season)).home(task.episode);
  const intent = join(folder, 'result.json');
  const made = join(folder, 'result.mkv');

  const earlier = await readResult(intent);
  const isMade = earlier !== undefined && (await isThere(earlier, made, output));
  const result = isMade ? earlier : await make(ports, task, planned, made, context);
  if (result === 'incomplete') return result;
  if (!isMade) await writeDurably(intent, JSON.stringify(result));
  await deliver(result, made, output);
  failpoint('deliver');
  const delivery: Delivery = {
    episode: task.episode,
    recipe: task.recipe,
    output,
    ...result,
    deliveredAt: Date.now(),
  };
  await ports.registry.deliver(task.season, delivery);
  return delivery;
}

/** Joins, muxes and verifies into `made`; `incomplete` when not every segment is at home any more. */
async function make(
  ports: Ports,
  task: RecipeRef,
  planned: PlannedEpisode,
  made: string,
  context: ActivityContext,
): Promise<Result | 'incomplete'> {
  const { tools } = ports;
  const { episode } = planned;
  const { signal, report } = context;
  const { path: source, info: sourceInfo } = await checkedSource(ports, task, planned, context);
  const store = await ports.store(task.season);
  const home = homeOf(store, (await ports.places(task.season)).home(task.episode));
  const board = await renderedBoard(ports, task);
  const manifest = board.records.manifest?.record;
  if (!manifest || !(await home.bring(task.recipe, board, signal))) return 'incomplete';
  const total = manifest.frames;
  try {
    const join = { info: sourceInfo, manifest, segments: home.files(board), source, output: made };
    await joinAndMux(tools, join, (frames) => report({ step: 'joining', frames, total }), signal);
    failpoint('join');
    report({ step: 'verifying', frames: 0, total });
    const job = { info: sourceInfo, target: episode.target };
    const info = await verifyResult(tools, { job, manifest, source, result: made }, signal);
    const proven = { ...episode, source: sourceInfo };
    const proofTask = {
      ref: task,
      episode: proven,
      board,
      manifest,
      source,
      result: made,
      resultStream: info.pictureStream,
    };
    const proof = await proveEpisode(ports, proofTask, signal);
    await checkedSource(ports, task, planned, context);
    // What other machines took says nothing about this computer.
    if (!(await ports.isFar(task.season)))
      await ports.learn(
        episode,
        [...board.records.receipts.values()].map(({ record }) => record),
      );
    const { size: bytes } = await stat(made);
    return {
      bytes,
      sha256: await sha256OfFile(made, undefined, signal),
      frames: total,
      durationSeconds: info.durationSeconds,
      proof,
    };
  } catch (error) {
    await rm(made, { force: true });
    throw diskFailure(error, home.folder);
  }
}

/** The board of a finished recipe: nobody holds anything any more. */
async function renderedBoard(ports: Ports, { season, recipe }: RecipeRef): Promise<Board> {
  return boardOf(await workReader(await ports.store(season)).read(recipe), () => false);
}

async function deliver(result: Result, made: string, output: string): Promise<void> {
  if ((await publish(made, output)) === 'published') return;
  // A file is there already: ours from before a crash, or a stranger's.
  const { size } = await stat(output);
  if (size === result.bytes && (await sha256OfFile(output)) === result.sha256) return;
  throw new Failure('output-exists', 'There is a file already where the result belongs', { evidence: output });
}

async function readResult(intent: string): Promise<Result | undefined> {
  try {
    return JSON.parse(await readFile(intent, 'utf8')) as Result;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the verified result of an earlier attempt is still there, in the making or delivered. */
async function isThere(result: Result, made: string, output: string): Promise<boolean> {
  for (const path of [made, output]) {
    try {
      if ((await stat(path)).size === result.bytes && (await sha256OfFile(path)) === result.sha256) return true;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  return false;
}
