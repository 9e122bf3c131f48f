/** Renders a few frames of an episode the way an agent would, to see how long they take here. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openRenderer } from '../agent/render.js';
import type { TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import type { Job } from '../domain/job.js';
import { openOrigin } from '../discs/origin.js';
import { writeSample } from '../discs/sample.js';
import type { EpisodePlan, SeasonPlan } from '../domain/season.js';
import type { Tools } from '../domain/tools.js';
import type { SegmentTask } from '../engines/engine.js';
import type { Sample } from '../intake/calibrate.js';
import { ffmpegHead, progressOptions, readProgress, sourceInput } from '../media/ffmpeg.js';
import { restoredOutput } from '../media/restore-chain.js';
import { run } from '../process/run.js';
import { findRuntime } from '../toolchain/onnxruntime.js';
import { modelFolders } from './hardware.js';

export interface SamplingOptions {
  readonly plan: SeasonPlan;
  readonly tools: Tools;
  readonly paths: TaafPaths;
  readonly signal: AbortSignal;
}

export async function sampler({ plan, tools, paths, signal }: SamplingOptions) {
  const runtime = await findRuntime(paths);
  return async (episode: EpisodePlan, frames: number): Promise<Sample> => {
    await mkdir(paths.cache, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(paths.cache, 'sample-'));
    const renderer = openRenderer({
      tools,
      models: modelFolders(paths),
      threads: availableParallelism(),
      ...(runtime === undefined ? {} : { onnxRuntime: runtime }),
    });
    try {
      const cut = await cutFrames(plan, episode, frames, { folder, tools, signal });
      const began = performance.now();
      await renderer.render(taskOf(plan, episode, cut, folder), { signal, onFrames: () => undefined });
      return { frames: cut, seconds: (performance.now() - began) / 1000 };
    } finally {
      await renderer.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Frames of the middle as they are coded: which of them are film matters for restoring, not for rendering. */
async function cutFrames(
  plan: SeasonPlan,
  episode: EpisodePlan,
  frames: number,
  { folder, tools, signal }: { readonly folder: string; readonly tools: Tools; readonly signal: AbortSignal },
): Promise<number> {
  const { path } = episode;
  let cut = 0;
  const argv = [
    ...ffmpegHead(tools),
    ...(await middleOf(plan, episode, { folder, tools, signal })),
    ...['-frames:v', String(frames)],
    ...progressOptions,
    ...restoredOutput(join(folder, 'restored.mkv')),
  ];
  const failure = { kind: 'bad-source', what: `${path} cannot be decoded` } as const;
  await run(argv, { signal, failure, onLine: readProgress((count) => (cut = count)) });
  if (cut > 0) return cut;
  throw new Failure('bad-source', `${path} has no picture in its middle`);
}

/** ffmpeg's arguments that read the picture from the middle of an episode on. */
async function middleOf(
  { folder: season }: SeasonPlan,
  { path, source, origin }: EpisodePlan,
  { folder, tools, signal }: { readonly folder: string; readonly tools: Tools; readonly signal: AbortSignal },
): Promise<string[]> {
  if (origin === undefined) {
    const middle = (source.durationSeconds / 2).toFixed(3);
    return ['-ss', middle, ...sourceInput(join(season, path)), '-map', `0:${source.pictureStream}`];
  }
  const film = join(folder, 'film');
  await writeSample(tools, await openOrigin(tools, { folder: season, origin, signal }), source, film, signal);
  return [...sourceInput(film), '-map', '0:v:0'];
}

function taskOf(plan: SeasonPlan, episode: EpisodePlan, frames: number, folder: string): SegmentTask {
  const { picture } = episode.source;
  return {
    job: jobOf(plan, episode),
    segment: 0,
    frames,
    width: picture.width,
    height: picture.height,
    pixelFormat: picture.pixelFormat,
    input: join(folder, 'restored.mkv'),
    output: join(folder, 'rendered.mkv'),
    frameRate: picture.frameRate,
    threads: availableParallelism(),
  };
}

const jobOf = (plan: SeasonPlan, { id, source, bytes, cadence, profile, target }: EpisodePlan): Job => ({
  version: 1,
  season: plan.season,
  episode: id,
  recipe: 'r-sample',
  order: 0,
  source: { key: `sources/${id}/sample`, sha256: '', bytes },
  info: source,
  cadence,
  profile,
  target,
});
