/** Compares every frame of a rendered segment with the restored one, in one pass of ffmpeg. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import type { SegmentTask } from '../engines/engine.js';
import { ffmpegHead } from '../media/ffmpeg.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run } from '../process/run.js';
import { gridOf, readCells } from './cells.js';
import { compareArgv } from './compare-argv.js';
import { looker, type Look } from './look.js';
import { markWatch, type Mark } from './mark.js';
import { scoreReader, type Score } from './scores.js';
import { canVmaf, takeVmaf } from './vmaf.js';

export interface CompareOptions {
  readonly signal?: AbortSignal;
  /** Called after every compared frame. */
  readonly onFrame?: () => void;
}

export interface Compared {
  readonly frames: readonly (Look & Score)[];
  /** What stands still on the rendered picture alone. */
  readonly mark: Mark | undefined;
  /** VMAF by frame, of some of them; absent where this ffmpeg has none. */
  readonly vmaf?: ReadonlyMap<number, number>;
}

/**
 * @returns what was seen, one entry for each frame of the restored segment
 * @throws Failure `verify-failed` when the pictures cannot be compared to their end, `disk-full`, `cancelled`
 */
export async function compare(
  tools: Pick<Tools, 'ffmpeg'>,
  task: SegmentTask,
  { signal, onFrame = () => undefined }: CompareOptions = {},
): Promise<Compared> {
  const grid = gridOf(task);
  const file = `${task.output}.cells`;
  const folder = dirname(task.output);
  const vmaf = (await canVmaf(tools, task)) ? 'vmaf.json' : undefined;
  const reader = scoreReader(onFrame);
  const what = `Segment ${task.segment} of ${task.job.episode} cannot be compared with the restored picture`;
  try {
    await run([...ffmpegHead(tools), ...compareArgv(task, grid, file, vmaf)], {
      cwd: folder,
      ...(signal ? { signal } : {}),
      onLine: reader.line,
      failure: { kind: 'verify-failed', what },
      exitKind: ffmpegExitKind,
    });
    const watch = markWatch(grid);
    const looks = looker(grid);
    for await (const cells of readCells(file, grid)) {
      looks.take(cells);
      watch.take(cells);
    }
    const frames = looks.end().flatMap((look, i) => {
      const score = reader.scores[i];
      return score ? [{ ...look, ...score }] : [];
    });
    if (frames.length !== task.frames)
      throw new Failure('verify-failed', what, { evidence: `${frames.length} frames of ${task.frames}` });
    const compared = { frames, mark: watch.found() };
    return vmaf === undefined ? compared : { ...compared, vmaf: await takeVmaf(join(folder, vmaf)) };
  } finally {
    await rm(file, { force: true });
    if (vmaf !== undefined) await rm(join(folder, vmaf), { force: true });
  }
}
