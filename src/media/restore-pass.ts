/** One pass over the source: decoded, restored and stored without loss as one file, with time and scene score of every frame. */
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../domain/failures.js';
import type { Job } from '../domain/job.js';
import type { Tools } from '../domain/tools.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run, start } from '../process/run.js';
import { ffmpegHead, fileUrl, sourceInput } from './ffmpeg.js';
import { decodeExit } from './decode-exit.js';
import { firstFrameTicks } from './first-frame.js';
import { frameReport, type FrameReport } from './frame-report.js';
import { reportFilters, restoredOutput, restoreFilters } from './restore-chain.js';
import type { RestoreTask } from './restore-task.js';

/** Restores by TAAF's own filter chain into the file `whole`. */
export async function restoreByChain(
  tools: Pick<Tools, 'ffmpeg'>,
  task: RestoreTask,
  whole: string,
): Promise<FrameReport> {
  const { job, source, signal } = task;
  // In a file: the passages of an episode may be longer than an argument may be.
  const filters = `${whole}.filters`;
  await writeFile(filters, restoreFilters(job, await firstFrameTicks(tools, task, 'ffmpeg')));
  const input = [...sourceInput(source), '-map', `0:${job.info.pictureStream}`];
  const report = frameReport(task.onProgress ?? (() => undefined));
  await run([...ffmpegHead(tools), ...input, '-/vf', filters, ...restoredOutput(fileUrl(whole))], {
    ...decodeExit(source),
    ...(signal ? { signal } : {}),
    onLine: report.onLine,
  });
  await rm(filters, { force: true });
  return report;
}

/** Restores by the profile's own command, whose y4m goes the same way as the chain's frames. */
export async function restoreByCommand(
  tools: Pick<Tools, 'ffmpeg'>,
  task: RestoreTask,
  whole: string,
): Promise<FrameReport> {
  const { job, source } = task;
  const stop = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, stop.signal]) : stop.signal;
  const words = (job.profile.restore.command ?? []).map((word) => word.replaceAll('{source}', source));
  const maker = start(words, { signal, failure: { kind: 'unsupported', what: `${COMMAND} failed on ${source}` } });
  const keeper = start(keeperArgv(tools, job, whole), {
    signal,
    failure: { kind: 'unsupported', what: `${COMMAND} did not write y4m for ${source}` },
    exitKind: ffmpegExitKind,
  });
  const report = frameReport(task.onProgress ?? (() => undefined));
  maker.stdin.end();
  const [made, kept] = await Promise.allSettled([
    maker.done,
    // A command that nobody listens to any more has to end too.
    keeper.done.finally(() => stop.abort()),
    pipeline(maker.stdout, keeper.stdin),
    readLines(keeper.stdout, report.onLine),
  ]);
  throwFirstCause(made, kept);
  return report;
}

const COMMAND = "The profile's restore command";

const keeperArgv = (tools: Pick<Tools, 'ffmpeg'>, job: Job, whole: string): string[] => [
  ...ffmpegHead(tools),
  ...['-protocol_whitelist', 'pipe', '-f', 'yuv4mpegpipe', '-i', 'pipe:0'],
  ...['-vf', reportFilters(job).join(','), ...restoredOutput(fileUrl(whole))],
];

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) onLine(line);
}

/** A full disk ends the command by a broken pipe, and a failed command leaves ffmpeg without a picture: the cause is told, not its echo. */
function throwFirstCause(made: PromiseSettledResult<unknown>, kept: PromiseSettledResult<unknown>): void {
  if (kept.status === 'rejected' && !(kept.reason instanceof Failure && kept.reason.kind === 'unsupported')) {
    throw kept.reason;
  }
  if (made.status === 'rejected') throw made.reason;
  if (kept.status === 'rejected') throw kept.reason;
}
