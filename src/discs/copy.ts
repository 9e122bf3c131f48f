/** Copies an origin into one Matroska file: from then on it is a source like any other. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../disk/durable.js';
import type { SourceInfo } from '../domain/media.js';
import { Failure } from '../domain/failures.js';
import type { MediaTools } from '../domain/tools.js';
import type { Film } from '../media/cadence-pass.js';
import { ffmpegHead } from '../media/ffmpeg.js';
import { probe } from '../media/probe.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run, start, type RunOptions } from '../process/run.js';
import { canvasOf, mendHeaders } from './headers.js';
import { copyArgv, filmArgv } from './copy-argv.js';
import type { Stretch } from './film.js';
import { openOrigin, type OpenOrigin, type OriginTask } from './origin.js';
import { withOneClock } from './one-clock.js';
import { refuseScrambled } from './scrambling.js';

/** A copy's picture may end so much before the length that the disc's tables state. */
const SHORT_SECONDS = 1;
const SHORT_SHARE = 0.01;

/** Codes of a stream whose reader has gone. */
const STOPPED: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);

/**
 * Copies the whole into `output`, which is replaced; the caller flushes and renames it. The same disc gives the same bytes.
 * @throws Failure `bad-source` when it cannot be read to its end, `unsupported` when it is encrypted, `disk-full`, `tool-missing`
 */
export async function copyOrigin(tools: MediaTools, task: OriginTask, output: string): Promise<void> {
  const opened = await openOrigin(tools, task);
  await refuseScrambled(opened.film, opened.name);
  const { picture, ...copy } = await copyBeginning(tools, opened, output, undefined, task.signal);
  const { seconds, name } = opened;
  const durationSeconds = picture.durationSeconds ?? copy.durationSeconds;
  if (task.origin.kind === 'vobs' || durationSeconds >= seconds - Math.max(SHORT_SECONDS, seconds * SHORT_SHARE))
    return;
  throw new Failure('bad-source', `${name} ends too early: the disc is truncated or damaged`, {
    evidence: `${durationSeconds.toFixed(2)} s could be read of ${seconds.toFixed(2)} s`,
  });
}

/**
 * Copies the first seconds, or all where there is no number.
 * @returns what the copy is
 */
export async function copyBeginning(
  tools: MediaTools,
  { name, input }: OpenOrigin,
  output: string,
  seconds: number | undefined,
  signal: AbortSignal | undefined,
): Promise<SourceInfo> {
  const from = input(seconds === undefined);
  const argv = [...ffmpegHead(tools), ...copyArgv(from, output, seconds)];
  const options: RunOptions = {
    failure: { kind: 'bad-source', what: `${name} cannot be read` },
    exitKind: ffmpegExitKind,
    ...(signal ? { signal } : {}),
  };
  await (from.fed ? runFed(argv, from.fed, options) : run(argv, options));
  const { picture } = await probe(tools, output, signal);
  await mendHeaders(output, canvasOf(picture));
  return probe(tools, output, signal);
}

/** The film of an origin alone, packet for packet as the whole copy has it, handed over as a stream. */
export function filmOf(tools: MediaTools, { name, input }: OpenOrigin, signal: AbortSignal | undefined): Film {
  return {
    name,
    argv: ['-protocol_whitelist', 'pipe', '-f', 'matroska', '-i', 'pipe:0'],
    picture: '0:v:0',
    feed: () => {
      const from = input(false);
      const copier = start([...ffmpegHead(tools), ...filmArgv(from)], {
        failure: { kind: 'bad-source', what: `${name} cannot be read` },
        exitKind: ffmpegExitKind,
        ...(signal ? { signal } : {}),
      });
      if (from.fed === undefined) copier.stdin.end();
      const fed =
        from.fed === undefined ? Promise.resolve() : pipeline(Readable.from(withOneClock(from.fed)), copier.stdin);
      // Whoever stops reading breaks this pipe: why, the reader says itself.
      return { stream: copier.stdout, done: Promise.all([copier.done, fed.catch(() => undefined)]) };
    },
  };
}

/** Runs ffmpeg on film. It stops reading when it has enough, and when it fails; then its own word counts. */
async function runFed(argv: readonly string[], film: readonly Stretch[], options: RunOptions): Promise<void> {
  const running = start(argv, options);
  running.stdout.resume();
  const [ended, fed] = await Promise.allSettled([
    running.done,
    pipeline(Readable.from(withOneClock(film)), running.stdin),
  ]);
  if (ended.status === 'rejected') throw ended.reason;
  if (fed.status === 'rejected' && !STOPPED.has(codeOf(fed.reason))) throw fed.reason;
}
