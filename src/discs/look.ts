/** Looks into an origin without keeping a copy: what is in it, and how its frames lie. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskFailure } from '../disk/failure.js';
import { Failure } from '../domain/failures.js';
import type { CadenceVerdict, SourceInfo } from '../domain/media.js';
import type { MediaTools } from '../domain/tools.js';
import { detectCadence } from '../media/cadence.js';
import { copyBeginning, filmOf } from './copy.js';
import { bytesIn } from './film.js';
import { openOrigin, type OpenOrigin, type OriginTask } from './origin.js';
import { refuseScrambled } from './scrambling.js';

export interface Look {
  readonly source: SourceInfo;
  readonly cadence: CadenceVerdict;
}

export interface LookOptions {
  /** The cadence, where it is known already. */
  readonly known?: CadenceVerdict | undefined;
  /** Told now and then how many frames have been looked at, and of how many. */
  readonly onFrames?: (done: number, of: number) => void;
}

const BEGINNING_FILE = 'beginning.mkv';
/** Seconds of the beginning that tell what streams there are. */
const BEGINNING = 20;
/** They are copied in a blink; a disc that takes more milliseconds is broken or built to hang us. */
const TIME_LIMIT = 60_000;

/** @throws Failure `bad-source`, `unsupported` or `tool-missing`, as `copyOrigin`; `disk-full` of the temporary folder */
export async function lookIntoOrigin(
  tools: MediaTools,
  task: OriginTask,
  { known, onFrames }: LookOptions = {},
): Promise<Look> {
  const folder = await mkdtemp(join(tmpdir(), 'taaf-title-'));
  try {
    const opened = await openOrigin(tools, task);
    await refuseScrambled(opened.film, opened.name);
    const beginning = join(folder, BEGINNING_FILE);
    const source = whole(await beginningOf(tools, opened, beginning, task.signal), opened);
    if (known) return { source, cadence: known };
    const looking = { signal: task.signal, ...(onFrames ? { onFrames } : {}) };
    return { source, cadence: await detectCadence(tools, filmOf(tools, opened, task.signal), source, looking) };
  } catch (error) {
    throw inWords(diskFailure(error, folder), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nobody knows the temporary files that a failure may name. */
function inWords(error: unknown, folder: string): unknown {
  if (!(error instanceof Failure)) return error;
  const words = (text: string): string =>
    text.replaceAll('file:', '').replaceAll(join(folder, BEGINNING_FILE), 'its beginning');
  const { kind, evidence, next, cause } = error;
  return new Failure(kind, words(error.message), {
    next,
    cause,
    ...(evidence === undefined ? {} : { evidence: words(evidence) }),
  });
}

async function beginningOf(
  tools: MediaTools,
  opened: OpenOrigin,
  output: string,
  signal?: AbortSignal,
): Promise<SourceInfo> {
  const limit = AbortSignal.timeout(TIME_LIMIT);
  try {
    const either = signal ? AbortSignal.any([signal, limit]) : limit;
    return await copyBeginning(tools, opened, output, BEGINNING, either);
  } catch (error) {
    if (!limit.aborted || signal?.aborted) throw error;
    const evidence = `its first ${BEGINNING} s took longer than ${TIME_LIMIT / 1000} s`;
    throw new Failure('bad-source', `${opened.name} cannot be read`, { evidence, cause: error });
  }
}

/** The beginning's facts with the length, size and chapters of all of it. */
function whole(beginning: SourceInfo, { seconds: durationSeconds, chapters, film }: OpenOrigin): SourceInfo {
  return {
    ...beginning,
    bytes: bytesIn(film),
    durationSeconds,
    picture: { ...beginning.picture, durationSeconds },
    chapters: chapters.map((startSeconds, i) => ({ startSeconds, endSeconds: chapters[i + 1] ?? durationSeconds })),
  };
}
