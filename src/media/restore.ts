/** Restores an episode's picture: cadence resolved, lossless, cut into segments. From its result on, a frame is an index. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { restoredFrames } from '../domain/cadence.js';
import { Failure } from '../domain/failures.js';
import { stepsOf } from '../domain/frames.js';
import type { Job, Manifest } from '../domain/job.js';
import { secondsOf } from '../domain/media.js';
import { cutsOf, type Cut } from './cuts.js';
import { cutSegments } from './cut-segments.js';
import { firstFrameTicks } from './first-frame.js';
import type { FrameReport } from './frame-report.js';
import { restoreByChain, restoreByCommand } from './restore-pass.js';
import { restoredDurations } from './map-times.js';
import { cadenceOf, clockOf, passagesOf } from './restore-chain.js';
import type { MediaTools, RestoreTask } from './restore-task.js';
import { steadyDurations } from './steady-times.js';

export interface RestoredSegment extends Cut {
  /** Absolute path: FFV1 in Matroska, every frame a key frame. */
  readonly file: string;
}

/** The manifest's facts, and the files that its segments become. */
export type RestoredPicture = Pick<Manifest, 'frames' | 'width' | 'height' | 'pixelFormat' | 'steps' | 'startTicks'> & {
  readonly segments: readonly RestoredSegment[];
};

/** A picture may end so many seconds before the length that its own stream states. */
const SHORT_SECONDS = 1;
/** The same as a share of the container's length, where the picture's own is not known. */
const SHORT_SHARE = 0.01;

/**
 * Restores the whole picture. The same source and profile always give the same frames, cuts and bytes.
 * @throws Failure `bad-source` when it cannot be decoded to its end, `disk-full`, `cancelled`, `unsupported` when the profile's own command fails
 */
export async function restore(tools: MediaTools, task: RestoreTask): Promise<RestoredPicture> {
  const { job, folder } = task;
  const whole = join(folder, 'whole.mkv');
  const startTicks = await firstFrameTicks(tools, task, 'source');
  const pass = job.profile.restore.command ? restoreByCommand : restoreByChain;
  const report = await pass(tools, task, whole);
  const durations = durationsOf(task, report);
  checkReport(task, report, durations);
  const cuts = cutsOf(report.scores, wantedFrames(job, durations));
  const { segments, ...shape } = await cutSegments(tools, task, whole, cuts);
  await rm(whole, { force: true });
  return { frames: durations.length, ...shape, steps: stepsOf(durations), startTicks, segments };
}

function durationsOf({ job, source }: RestoreTask, { times }: FrameReport): number[] {
  const passages = passagesOf(job);
  if (passages === undefined) return steadyDurations(times, clockOf(cadenceOf(job)));
  const { interlaced } = job.profile.restore;
  const planned = passages.reduce((sum, passage) => sum + restoredFrames(passage, interlaced), 0);
  if (times.length === planned) return restoredDurations(times, passages, interlaced);
  throw new Failure('bad-source', `${source} gives other frames than when it was planned`, {
    evidence: `${times.length} frames restored, ${planned} planned`,
    next: 'Submit the folder again',
  });
}

const total = (durations: readonly number[]): number => durations.reduce((sum, ticks) => sum + ticks, 0);

/** Wanted length of a segment in frames, at the picture's mean rate. */
const wantedFrames = (job: Job, durations: readonly number[]): number =>
  Math.max(1, Math.round((job.profile.restore.segmentSeconds * durations.length) / secondsOf(total(durations))));

function checkReport({ job, source }: RestoreTask, report: FrameReport, durations: readonly number[]): void {
  if (durations.length === 0) throw new Failure('bad-source', `No frame of ${source} can be decoded`);
  const back = durations.findIndex((ticks) => ticks <= 0);
  if (back >= 0) {
    throw new Failure('bad-source', `The time stamps of ${source} run backwards`, {
      evidence: `frame ${back} at tick ${report.times[back]}, frame ${back + 1} at tick ${report.times[back + 1]}`,
    });
  }
  const { stated, least } = expectedSeconds(job);
  const got = secondsOf(total(durations));
  if (got >= least) return;
  throw new Failure('bad-source', `${source} ends too early: it is truncated or damaged`, {
    evidence: `${got.toFixed(2)} s of picture (${durations.length} frames) instead of ${stated.toFixed(2)} s`,
  });
}

/** Length that the source states, and the least that a whole picture has. A container may be longer than its picture: by its sound. */
function expectedSeconds({ info: { picture, durationSeconds } }: Job): { stated: number; least: number } {
  if (picture.durationSeconds === undefined) {
    return { stated: durationSeconds, least: durationSeconds - Math.max(SHORT_SECONDS, durationSeconds * SHORT_SHARE) };
  }
  const stated = Math.min(picture.durationSeconds, durationSeconds);
  return { stated, least: stated - SHORT_SECONDS };
}
