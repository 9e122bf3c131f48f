/** Rendered segments that are wrong in a known way: the good one, decoded, changed and encoded again. */
import { join } from 'node:path';
import type { SegmentTask } from '../../src/engines/engine.js';
import { ffmpeg } from '../helpers/rendered.js';

const only = (first: number, last = first): string => `enable='between(n,${first},${last})'`;

/** Filters by what they do. Frames are counted from 0. */
export const sabotage = {
  green: (frame: number) => `lutyuv=y=0:u=0:v=0:${only(frame)}`,
  black: (first: number, last: number) => `lutyuv=y=16:u=128:v=128:${only(first, last)}`,
  frozen: (first: number, last: number) =>
    `split[a][b];[a][b]freezeframes=first=${first}:last=${last}:replace=${first - 1}`,
  shifted: (from: number) => `select=not(eq(n\\,${from})),tpad=stop=1:stop_mode=clone,setpts=N/24/TB`,
  swapped: () => 'shuffleplanes=0:2:1',
  tile: (frame: number) => `drawbox=x=640:y=320:w=64:h=64:color=gray:t=fill:${only(frame)}`,
  mark: () => 'drawbox=x=1060:y=820:w=180:h=100:color=white@0.4:t=fill',
  unlike: (first: number, last: number) => `rotate=PI/2:${only(first, last)},negate=${only(first, last)}`,
};

/** @returns the task with the changed segment as its output */
export async function sabotaged(task: SegmentTask, filter: string): Promise<SegmentTask> {
  const output = join(`${task.output}.wrong.mkv`);
  const tags = ['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', ...tags, '-fps_mode', 'passthrough'];
  const graph = `[0:v]format=yuv420p,${filter}[out]`;
  await ffmpeg('-i', task.output, '-filter_complex', graph, '-map', '[out]', ...encode, output);
  return { ...task, output };
}
