/** The last step: the segments become the episode, verified against its source, and appear in the output folder as a whole. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, writeDurably } from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import { sha256OfFile } from '../disk/hash.js';
import { boardOf, type Board } from '../domain/board.js';
import type { Delivery } from '../domain/season.js';
import { joinAndMux } from '../media/join.js';
import { verifyResult } from '../media/verify.js';
import { failpoint } from '../process/failpoint.js';
import { workReader } from '../store/work.js';
import type { Activities, RecipeRef } from '../workflows/activities.js';
import { activity, type ActivityContext } from './boundary.js';
import { deliver, recordDelivery, type Result } from './deliver.js';
import { homeOf } from './home.js';
import { plannedEpisode, type PlannedEpisode } from './plan.js';
import type { Ports } from './ports.js';
import { proveEpisode } from './prove.js';
import { checkedSource } from './source.js';

export const assembleActivities = (ports: Ports): Pick<Activities, 'assemble'> => ({
  assemble: activity((task, context) => assemble(ports, task, context)),
});

async function assemble(ports: Ports, task: RecipeRef, context: ActivityContext): Promise<Delivery | 'incomplete'> {
  const planned = await plannedEpisode(ports, task);
  const output = join(planned.plan.out, planned.episode.output);
  const folder = (await ports.places(task.season)).home(task.episode);
  // By recipe: what another one has left here, undelivered, is no result of this one.
  const intent = join(folder, `${task.recipe}.json`);
  const made = join(folder, `${task.recipe}.mkv`);

  const earlier = await readResult(intent);
  const isMade = earlier !== undefined && (await isThere(earlier, made, output));
  const result = isMade ? earlier : await make(ports, task, planned, made, context);
  if (result === 'incomplete') return result;
  if (!isMade) await writeDurably(intent, JSON.stringify(result));
  await deliver(result, made, planned, context.signal);
  failpoint('deliver');
  return recordDelivery(ports, task, planned, result);
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
