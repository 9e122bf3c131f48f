/** Renders a few frames of an episode the way an agent would, to see how long they take here. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openRenderer } from '../agent/render.js';
import type { TaafPaths } from '../config/paths.js';
import { openOrigin } from '../discs/origin.js';
import { writeSample } from '../discs/sample.js';
import type { Rational } from '../domain/media.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';
import type { Tools } from '../domain/tools.js';
import type { Sample } from '../intake/calibrate.js';
import { sourceInput } from '../media/ffmpeg.js';
import type { Taken } from '../report/gray.js';
import { findRuntime } from '../toolchain/onnxruntime.js';
import { modelFolders } from './hardware.js';
import { cutFrames } from './sample-cut.js';
import { jobOf } from './sample-job.js';

export interface SamplingOptions {
  readonly plan: SeasonPlan;
  readonly tools: Tools;
  readonly paths: TaafPaths;
  readonly signal: AbortSignal;
}

/** Frames to render: how many, at which rate, from which file into which. */
export interface SampleFiles {
  readonly frames: number;
  readonly frameRate: Rational;
  readonly input: string;
  readonly output: string;
}

export type RenderFiles = (episode: EpisodePlan, files: SampleFiles) => Promise<Sample>;

/** Renders restored frames with the episode's profile; every call starts its programs and its model anew. */
export async function fileRenderer({ plan, tools, paths, signal }: SamplingOptions): Promise<RenderFiles> {
  const runtime = await findRuntime(paths);
  const threads = availableParallelism();
  return async (episode, files) => {
    const models = modelFolders(paths);
    const renderer = openRenderer({
      tools,
      models,
      threads,
      ...(runtime === undefined ? {} : { onnxRuntime: runtime }),
    });
    const { width, height, pixelFormat } = episode.source.picture;
    const task = { job: jobOf(plan, episode), segment: 0, width, height, pixelFormat, threads, ...files };
    try {
      const began = performance.now();
      await renderer.render(task, { signal, onFrames: () => undefined });
      return { frames: files.frames, seconds: (performance.now() - began) / 1000 };
    } finally {
      await renderer.close();
    }
  };
}

/** Frames of the middle as they are coded: which of them are film matters for restoring, not for rendering. */
export async function sampler(options: SamplingOptions) {
  const render = await fileRenderer(options);
  return (episode: EpisodePlan, frames: number): Promise<Sample> =>
    inScratch(options.paths, async (folder) => {
      const [input, output] = [join(folder, 'restored.mkv'), join(folder, 'rendered.mkv')];
      const taken = await middleOf(episode, folder, options);
      const cut = await cutFrames({ name: episode.path, taken, frames, output: input }, options);
      return render(episode, { frames: cut, frameRate: episode.source.picture.frameRate, input, output });
    });
}

/** The picture from the middle of an episode on. */
async function middleOf(
  { path, source, origin }: EpisodePlan,
  folder: string,
  { plan, tools, signal }: SamplingOptions,
): Promise<Taken> {
  if (origin === undefined) {
    const seek = ['-ss', (source.durationSeconds / 2).toFixed(3)];
    const input = [...seek, ...sourceInput(join(plan.folder, path))];
    return { input, map: `0:${source.pictureStream}`, filters: [] };
  }
  const film = join(folder, 'film');
  await writeSample(tools, await openOrigin(tools, { folder: plan.folder, origin, signal }), source, film, signal);
  return { input: sourceInput(film), map: '0:v:0', filters: [] };
}

/** A folder for files in the making; it goes, whatever happens. */
export async function inScratch<T>(paths: TaafPaths, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(paths.cache, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(paths.cache, 'sample-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
