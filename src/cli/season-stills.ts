/** Stills of a delivered episode, before and after: at moments where most happens, the same frame in both. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { secondsOf } from '../domain/media.js';
import type { Delivery, EpisodePlan } from '../domain/season.js';
import { clockShift } from '../media/clock.js';
import { firstFrameTicks } from '../media/first-frame.js';
import { keyFramesBefore } from '../report/key-frames.js';
import { chooseMoments, placesOf, type Moment } from '../report/moments.js';
import { resultTaken, sourceTaken } from '../report/shown.js';
import { survey, takeStills, type Stills } from '../report/stills.js';
import { withEpisodeFile } from './episode-file.js';
import { jobOf } from './sample-job.js';
import type { SamplingOptions } from './sample.js';

export interface StillsTask extends SamplingOptions {
  readonly episode: EpisodePlan;
  readonly delivery: Delivery;
  /** How many moments, and how many columns a still has at most. */
  readonly moments: number;
  readonly columns: number;
}

/** Seconds are on the source's own clock. */
export interface MomentStills extends Moment, Stills {}

/** Places of an episode that are measured. */
const PLACES = 16;
/** Seconds of the source before a moment, so that the frame itself is among those that are compared. */
const LEAD = 0.07;
/** Restored frames of a cycle of film. */
const CYCLE_OF_FILM = 4;

/** @throws Failure `bad-source` when source or result are gone, changed or cannot be decoded; `cancelled` */
export async function stillsOf(task: StillsTask): Promise<MomentStills[]> {
  const { plan, episode, delivery } = task;
  for (const file of episode.origin?.files ?? [episode]) await checkThere(join(plan.folder, file.path), file.bytes);
  await checkThere(delivery.output, delivery.bytes);
  return withEpisodeFile(episode, task, (source) => stillsFrom(source, task));
}

async function stillsFrom(source: string, task: StillsTask): Promise<MomentStills[]> {
  const { plan, episode, delivery, tools, signal } = task;
  const startTicks = await firstFrameTicks(tools, { job: jobOf(plan, episode), source, signal }, 'source');
  const shift = secondsOf(clockShift(episode.source, { startTicks }));
  const places = await placesInResult(task, secondsOf(startTicks) + shift);
  const takenAt = (seconds: number) => sourceTaken(source, episode.source, seconds);
  const measured = await survey(
    tools,
    places.map((seconds) => seconds - shift),
    takenAt,
    signal,
  );
  const stills: MomentStills[] = [];
  for (const moment of chooseMoments(measured, task.moments)) {
    const made = await takeStills(tools, {
      info: episode.source,
      source: takenAt(moment.seconds - LEAD),
      result: resultTaken(delivery.output, moment.seconds + shift),
      target: episode.target,
      among: CYCLE_OF_FILM,
      most: task.columns,
      signal,
    });
    stills.push({ ...moment, ...made });
  }
  return stills;
}

/** Seconds on the result's clock: at its key frames, and where a short episode has too few of them, anywhere. */
async function placesInResult({ delivery, tools, moments, signal }: StillsTask, start: number): Promise<number[]> {
  const wanted = placesOf(delivery.durationSeconds, PLACES).map((seconds) => start + seconds);
  const keys = await keyFramesBefore(tools, delivery.output, wanted, signal);
  const first = start + (placesOf(delivery.durationSeconds, PLACES)[0] ?? 0);
  const inside = keys.filter((seconds) => seconds >= first);
  return inside.length >= moments ? inside : wanted;
}

async function checkThere(path: string, bytes: number): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === undefined) throw error;
    throw new Failure('bad-source', `${path} is not there any more`, { evidence: codeOf(error) ?? '', cause: error });
  });
  if (found.size === bytes) return;
  throw new Failure('bad-source', `${path} is another file than it was`, {
    evidence: `${found.size} bytes instead of ${bytes}`,
  });
}
