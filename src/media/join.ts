/** Home: the rendered segments become one picture, without re-encoding, beside everything else of the source. */
import { rm, writeFile } from 'node:fs/promises';
import { averageRate } from '../domain/frames.js';
import type { Manifest } from '../domain/job.js';
import { TICKS_PER_SECOND, type SourceInfo } from '../domain/media.js';
import type { MediaTools } from '../domain/tools.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run } from '../process/run.js';
import { readCaptions } from './captions.js';
import { clockShift } from './clock.js';
import { concatList } from './concat-list.js';
import { ffmpegHead, progressOptions, readProgress } from './ffmpeg.js';
import { coversArgv, muxArgv } from './mux-argv.js';
import { retimeFilter } from './retime.js';
import { carriedStreams, isCover } from './streams.js';

export interface JoinTask {
  readonly info: SourceInfo;
  readonly manifest: Manifest;
  /** Absolute paths: the encoded segments in order, the source, and the file to make (replaced if it is there). */
  readonly segments: readonly string[];
  readonly source: string;
  readonly output: string;
}

/** Ticks of one frame at the constant rate at which engines make segments: the episode's average. */
function indexPeriod({ steps }: Manifest): number {
  const { num, den } = averageRate(steps);
  return (TICKS_PER_SECOND * den) / num;
}

/**
 * Joins and muxes into `output`; the caller verifies, flushes and renames it.
 * @param onFrames frames of the picture written so far
 * @throws Failure `disk-full`; `verify-failed` when a segment cannot be read; `bad-source` when the captions cannot
 */
export async function joinAndMux(
  tools: MediaTools,
  task: JoinTask,
  onFrames: (frames: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const { info, manifest, source, output } = task;
  const shiftTicks = clockShift(info, manifest);
  const [list, times, folder] = [`${output}.segments`, `${output}.times`, `${output}.captions`];
  const covers = carriedStreams(info)
    .filter(isCover)
    .map((stream) => ({ stream, file: `${output}.cover${stream.index}` }));
  const options = {
    ...(signal ? { signal } : {}),
    failure: { kind: 'verify-failed' as const, what: `The segments cannot be joined with ${source}` },
    exitKind: ffmpegExitKind,
  };
  try {
    await writeFile(list, segmentList(task));
    await writeFile(times, retimeFilter(manifest.steps, manifest.startTicks + shiftTicks, indexPeriod(manifest)));
    if (covers.length > 0) await run([...ffmpegHead(tools), ...coversArgv(source, covers)], options);
    const captions = await readCaptions(tools, { info, source, folder, signal });
    const argv = muxArgv({ info, source, list, times, covers, captions, shiftTicks, output });
    await run([...ffmpegHead(tools), ...progressOptions, ...argv], { ...options, onLine: readProgress(onFrames) });
  } finally {
    const made = [list, times, folder, ...covers.map(({ file }) => file)];
    await Promise.all(made.map((file) => rm(file, { recursive: true, force: true })));
  }
}

/** Segments lie on the list by the time that they count for themselves; the retiming filter counts the same way. */
function segmentList({ segments, manifest }: JoinTask): string {
  const period = indexPeriod(manifest);
  return concatList(segments.map((file, i) => ({ file, ticks: (manifest.segments[i]?.frames ?? 0) * period })));
}
