/** One frame as a picture for people: the restored one beside the rendered one, both as wide as a player would show them. */
import type { Tools } from '../domain/tools.js';
import type { SegmentTask } from '../engines/engine.js';
import { restoredToCompare } from '../engines/filters.js';
import { ffmpegHead, ownInput } from '../media/ffmpeg.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run } from '../process/run.js';

/** Lines of the still: enough to see a broken block, and a megabyte or two. */
const HEIGHT = 1080;

/** Makes the PNG `file` of a frame of the segment. @throws Failure `verify-failed`, `disk-full`, `cancelled` */
export async function saveStill(
  tools: Pick<Tools, 'ffmpeg'>,
  task: SegmentTask,
  frame: number,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const { width, height } = task.job.target;
  const lines = Math.min(HEIGHT, height);
  const size = `scale=${Math.round((width * lines) / height)}:${lines}:flags=lanczos,setsar=1,format=gbrp`;
  const only = `select=eq(n\\,${frame})`;
  const graph = [
    `[0:v]${restoredToCompare(task)},${only},${size}[restored]`,
    `[1:v]${only},${size},setpts=PTS-STARTPTS[rendered]`,
    '[restored]setpts=PTS-STARTPTS[origin]',
    '[origin][rendered]hstack[still]',
  ].join(';');
  const output = ['-map', '[still]', '-frames:v', '1', '-c:v', 'png', '-f', 'image2', '-update', '1', file];
  const inputs = [...ownInput(task.input), ...ownInput(task.output)];
  await run([...ffmpegHead(tools), ...inputs, '-filter_complex', graph, ...output], {
    ...(signal ? { signal } : {}),
    failure: { kind: 'verify-failed', what: `Frame ${frame} of ${task.output} cannot be shown` },
    exitKind: ffmpegExitKind,
  });
}
