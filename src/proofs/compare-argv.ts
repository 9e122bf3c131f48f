/** The ffmpeg that compares a rendered segment with the restored one, frame by frame. Pure. */
import { filterThreads, restoredInput } from '../engines/argv.js';
import type { SegmentTask } from '../engines/engine.js';
import { renderedToCompare, restoredToCompare } from '../engines/filters.js';
import type { Grid } from './cells.js';
import { vmafFilter } from './vmaf.js';

/**
 * Both pictures in the same size, colours and time base, each frame at the time of its number: else frames are paired wrongly.
 * Scores go to standard output, the cells of `readCells` into a file, VMAF into another if there is to be any.
 * @param vmaf its name in ffmpeg's working folder: in a filter's text a path would have to be quoted
 */
export function compareArgv(
  task: SegmentTask,
  { columns, rows }: Grid,
  cells: string,
  vmaf: string | undefined,
): readonly string[] {
  const small = `scale=${columns}:${rows}:flags=area,format=yuv444p`;
  // XPSNR of ffmpeg 7.1 divides by the denominator of its second picture's rate, and counting leaves a rate of 1/0.
  const rated = `fps=${task.frameRate.num}/${task.frameRate.den}`;
  const graph = [
    `[0:v]${restoredToCompare(task)},${rated},split=${vmaf === undefined ? '4[a][b][c][d]' : '5[a][b][c][d][e]'}`,
    `[1:v]${renderedToCompare(task)},split=3[x][y][z]`,
    '[x][a]ssim=shortest=1[likeness]',
    ...(vmaf === undefined ? [] : [`[likeness][e]${vmafFilter(vmaf, task.threads)}[judged]`]),
    `[${vmaf === undefined ? 'likeness' : 'judged'}][b]xpsnr=shortest=1,metadata=mode=print:file=-[scores]`,
    `[y][c]blend=all_mode=difference:shortest=1,${small}[apart]`,
    `[d]${small}[restored]`,
    `[z]${small}[rendered]`,
    '[restored][rendered][apart]vstack=inputs=3:shortest=1[cells]',
  ].join(';');
  const rendered = restoredInput({ ...task, input: task.output });
  return [
    ...[...filterThreads(task), ...restoredInput(task), ...rendered, '-filter_complex', graph],
    ...['-map', '[scores]', '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ...['-map', '[cells]', '-fps_mode', 'passthrough', '-f', 'rawvideo', cells],
  ];
}
