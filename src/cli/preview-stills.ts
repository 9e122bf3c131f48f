/** Renders a moment of an episode through a profile, the way an agent would, and takes the stills. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CadenceWord } from '../domain/cadence.js';
import type { Rational } from '../domain/media.js';
import type { EpisodePlan } from '../domain/season.js';
import { passagesOf } from '../media/restore-chain.js';
import { codedTaken, sourceTaken, wholeTaken } from '../report/shown.js';
import { takeStills, type Stills } from '../report/stills.js';
import { cutFrames, restoreCut, type CutOptions } from './sample-cut.js';
import { jobOf } from './sample-job.js';
import { fileRenderer, inScratch, type RenderFiles, type SamplingOptions } from './sample.js';
import { timed } from './views/cadence.js';

export interface MomentTask {
  readonly episode: EpisodePlan;
  /** That its frames are read from. */
  readonly file: string;
  /** Seconds from the source's first frame, and that frame's time on the source's clock. */
  readonly seconds: number;
  readonly start: number;
  /** Restored frames to render. */
  readonly frames: number;
}

/** A moment as a profile makes it. */
export interface Rendered extends Stills {
  readonly frames: number;
  /** From the start of the first program to the end of the last one. */
  readonly seconds: number;
  /** Of all frames together; the first one is a key frame. */
  readonly bytes: number;
}

/** Coded frames that are cut out: enough to know the place in the 3:2 cycle by. */
const CODED = 40;
/** Most columns of a still. */
const COLUMNS = 1280;

export async function momentRenderer(options: SamplingOptions): Promise<(task: MomentTask) => Promise<Rendered>> {
  const render = await fileRenderer(options);
  return (task) => inScratch(options.paths, (folder) => renderMoment(task, folder, render, options));
}

async function renderMoment(
  { episode, file, seconds, start, frames }: MomentTask,
  folder: string,
  render: RenderFiles,
  options: SamplingOptions,
): Promise<Rendered> {
  const { tools, signal } = options;
  const [clip, input, output] = [join(folder, 'coded.mkv'), join(folder, 'restored.mkv'), join(folder, 'rendered.mkv')];
  const job = jobOf(options.plan, episode);
  const coded = codedTaken(file, episode.source, start + seconds);
  const cutOptions: CutOptions = { tools, signal };
  await cutFrames({ name: episode.path, taken: coded, frames: CODED, output: clip }, cutOptions);
  const words = wordsFrom(episode, seconds);
  const restored = await restoreCut(job, words, { clip, frames, output: input }, cutOptions);
  const files = { frames: restored, frameRate: restoredRate(episode), input, output };
  const sample = await render(episode, files);
  const stills = await takeStills(tools, {
    info: episode.source,
    source: sourceTaken(file, episode.source, start + seconds),
    result: wholeTaken(output),
    target: episode.target,
    among: 1,
    most: COLUMNS,
    signal,
  });
  return { ...stills, ...sample, bytes: (await stat(output)).size };
}

/** What the plan says of the source, on a clock that starts at a moment. */
const wordsFrom = (episode: EpisodePlan, seconds: number): CadenceWord[] =>
  timed(passagesOf(episode) ?? []).map(({ kind, from, to }) => ({ kind, from: from - seconds, to: to - seconds }));

/** Frames a second of the restored picture on average: an encoder spends its bits by it. */
const restoredRate = ({ estimatedFrames, source }: EpisodePlan): Rational => ({
  num: Math.round((1000 * estimatedFrames) / (source.picture.durationSeconds ?? source.durationSeconds)),
  den: 1000,
});
