/** The time of the first frame that can be decoded: the header's start time may belong to a frame that cannot. */
import { Failure } from '../domain/failures.js';
import { TICKS_PER_SECOND } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';
import { ffmpegHead, sourceInput } from './ffmpeg.js';
import { frameReport } from './frame-report.js';
import { decodeExit } from './decode-exit.js';
import type { RestoreTask } from './restore-task.js';

/**
 * Ticks of the first decoded frame.
 * @param clock `source`: as the file's stamps say it; `ffmpeg`: as a filter sees it by default, where the file starts at 0
 * @throws Failure `bad-source` when no frame can be decoded
 */
export async function firstFrameTicks(
  tools: Pick<Tools, 'ffmpeg'>,
  { job, source, signal }: Pick<RestoreTask, 'job' | 'source' | 'signal'>,
  clock: 'source' | 'ffmpeg',
): Promise<number> {
  const report = frameReport(() => undefined);
  const filters = `settb=1/${TICKS_PER_SECOND},scdet,metadata=mode=print:key=lavfi.scd.score:file=-`;
  const argv = [
    ...ffmpegHead(tools),
    ...(clock === 'source' ? ['-copyts'] : []),
    ...sourceInput(source),
    ...['-map', `0:${job.info.pictureStream}`, '-vf', filters, '-frames:v', '1', '-f', 'null', '-'],
  ];
  await run(argv, { ...decodeExit(source), ...(signal ? { signal } : {}), onLine: report.onLine });
  const [first] = report.times;
  if (first === undefined) throw new Failure('bad-source', `No frame of ${source} can be decoded`);
  return first;
}
