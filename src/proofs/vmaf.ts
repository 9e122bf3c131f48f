/** VMAF of some of the compared frames, where the ffmpeg can: it says more about a model than SSIM, and needs a build with libvmaf. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';

/** Every so many frames: a shorter scene is no scene. */
const EVERY = 5;
/** Below this many pixels of width or height libvmaf has no scales left to look at (ffmpeg 9.0.2 crashes at 16×12). */
const LEAST = 64;

const log = z.object({
  frames: z.array(z.object({ frameNum: z.number().int(), metrics: z.object({ vmaf: z.number() }) })),
});

const known = new Map<string, Promise<boolean>>();

/** Whether this ffmpeg has libvmaf; each program is asked once. */
function hasVmaf({ ffmpeg }: Pick<Tools, 'ffmpeg'>): Promise<boolean> {
  const asked =
    known.get(ffmpeg) ??
    run([ffmpeg, '-hide_banner', '-h', 'filter=libvmaf']).then(({ stdout }) => stdout.startsWith('Filter libvmaf'));
  known.set(ffmpeg, asked);
  return asked;
}

/** @param size of the compared pictures */
export const canVmaf = async (
  tools: Pick<Tools, 'ffmpeg'>,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<boolean> => width >= LEAST && height >= LEAST && (await hasVmaf(tools));

/** The filter that compares its first input with its second and hands the first on. @param file name in ffmpeg's working folder */
export const vmafFilter = (file: string, threads: number): string =>
  `libvmaf=n_subsample=${EVERY}:n_threads=${threads}:log_fmt=json:log_path=${file}:shortest=1`;

/** What the filter wrote, by frame. */
export async function takeVmaf(file: string): Promise<ReadonlyMap<number, number>> {
  const { frames } = log.parse(JSON.parse(await readFile(file, 'utf8')));
  return new Map(frames.map(({ frameNum, metrics }) => [frameNum, metrics.vmaf]));
}
