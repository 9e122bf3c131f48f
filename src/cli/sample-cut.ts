/** A few frames of a source in a file of their own: as they are coded, and restored as an agent would restore them. */
import { detectCadence } from '../media/cadence.js';
import { filmOfFile } from '../media/cadence-pass.js';
import { decodeExit } from '../media/decode-exit.js';
import { ffmpegHead, ownInput, progressOptions, readProgress } from '../media/ffmpeg.js';
import { shownFrames } from '../media/map-times.js';
import { passagesOf, restoredOutput, restoreFilters } from '../media/restore-chain.js';
import { phaseAt, SPLIT, type CadenceWord } from '../domain/cadence.js';
import { Failure } from '../domain/failures.js';
import type { Job } from '../domain/job.js';
import type { MediaTools } from '../domain/tools.js';
import { run } from '../process/run.js';
import type { Taken } from '../report/gray.js';

export interface CutOptions {
  readonly tools: MediaTools;
  readonly signal: AbortSignal;
}

export interface Cut {
  /** What a failure calls the source. */
  readonly name: string;
  /** The source from where the cut begins. */
  readonly taken: Taken;
  readonly frames: number;
  /** The file to make. */
  readonly output: string;
}

/**
 * Frames as they are coded.
 * @returns how many there are: fewer than asked for where the source ends
 * @throws Failure `bad-source` where there is none
 */
export async function cutFrames({ name, taken, frames, output }: Cut, options: CutOptions): Promise<number> {
  const filters = [...taken.filters, 'setpts=PTS-STARTPTS'].join(',');
  const picture = ['-map', taken.map, '-vf', filters, '-frames:v', String(frames)];
  const argv = [...taken.input, ...picture, ...progressOptions, ...restoredOutput(output)];
  const cut = await countedRun(argv, name, options);
  if (cut > 0) return cut;
  throw new Failure('bad-source', `${name} has no picture where frames were to be cut out`);
}

async function countedRun(argv: readonly string[], name: string, { tools, signal }: CutOptions): Promise<number> {
  let count = 0;
  const onLine = readProgress((frames) => (count = frames));
  await run([...ffmpegHead(tools), ...argv], { ...decodeExit(name), signal, onLine });
  return count;
}

/**
 * Restores frames that were cut out as they are coded, from the first one on that the source shows whole.
 * @param job the episode's, of which the cut is a part
 * @param words the episode's passages on the cut's own clock
 * @returns how many restored frames there are, at most `frames`
 */
export async function restoreCut(
  job: Job,
  words: readonly CadenceWord[],
  { clip, frames, output }: { readonly clip: string; readonly frames: number; readonly output: string },
  options: CutOptions,
): Promise<number> {
  const ofClip = await jobOfCut(job, words, clip, options);
  const filters = `${restoreFilters(ofClip, 0)},select=gte(n\\,${firstWhole(ofClip)})`;
  const argv = [...ownInput(clip), '-map', '0:v:0', '-vf', filters, '-frames:v', String(frames)];
  const restored = await countedRun([...argv, ...progressOptions, ...restoredOutput(output)], clip, options);
  if (restored > 0) return restored;
  throw new Failure('bad-source', `Nothing is left of ${job.info.picture.codec} frames after they are restored`);
}

/** Passages count frames from the source's first one; where the cut is in the 3:2 cycle, its own frames tell best. */
async function jobOfCut(job: Job, words: readonly CadenceWord[], clip: string, options: CutOptions): Promise<Job> {
  if (passagesOf(job) === undefined) return job;
  const info = { ...job.info, pictureStream: 0 };
  return {
    ...job,
    cadence: await detectCadence(options.tools, filmOfFile(clip, info), info, { words, signal: options.signal }),
  };
}

/** Index of the first restored frame whose fields lie in one coded frame. */
function firstWhole(job: Job): number {
  const shown = [...shownFrames(passagesOf(job) ?? [], job.profile.restore.interlaced)];
  return Math.max(
    0,
    shown.findIndex(
      ({ passage, frame }) =>
        passage.kind !== 'film' || (phaseAt(passage, frame) !== SPLIT && !passage.torn?.includes(frame)),
    ),
  );
}
