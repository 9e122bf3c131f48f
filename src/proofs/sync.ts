/** The proof that picture and sound belong together: the result's picture against the source's, whose clock the copied sound keeps. */
import { Failure } from '../domain/failures.js';
import type { Job, Manifest } from '../domain/job.js';
import { secondsOf } from '../domain/media.js';
import { timecode, type SyncPoint } from '../domain/proof.js';
import type { Tools } from '../domain/tools.js';
import { clockShift, clockStart, resultSeconds } from '../media/clock.js';
import { ownInput, sourceInput } from '../media/ffmpeg.js';
import { cadenceFilters, cadenceOf } from '../media/restore-chain.js';
import { lagOf, WIDEST_LAG, type Lag } from './lag.js';
import { shadesOf, type Shade } from './shades.js';

export interface SyncTask {
  readonly job: Pick<Job, 'info' | 'cadence' | 'profile'>;
  readonly manifest: Manifest;
  /** Absolute paths. */
  readonly source: string;
  readonly result: string;
  /** The result's picture stream. */
  readonly resultStream: number;
}

export interface Sync {
  readonly points: readonly SyncPoint[];
  /** How much longer the result's picture is than the source's, in milliseconds; absent where the source's end was not found. */
  readonly longerMs?: number;
}

/** Points over an episode, and seconds of picture for each. */
const POINTS = 7;
const RUN = 1.5;
/** A short source has a point for so many seconds. */
const SECONDS_A_POINT = 4;
/** Seconds before the end in which the source's last frame is sought. */
const TAIL = 3;
/** How far the source may go on after the end of the result, in seconds. */
const BEYOND = 10;

/**
 * Measures both at several points.
 * @throws Failure `verify-failed` naming the first point at which the picture is early or late by more than half a frame
 */
export async function proveSync(tools: Pick<Tools, 'ffmpeg'>, task: SyncTask, signal?: AbortSignal): Promise<Sync> {
  const { manifest, job } = task;
  const start = resultSeconds(job.info, manifest, 0);
  const end = resultSeconds(job.info, manifest, manifest.frames);
  const frame = frameOf(manifest);
  const points: SyncPoint[] = [];
  for (const at of placesOf(start, end)) {
    const result = await resultShades(tools, task, at, signal);
    const source = await sourceShades(tools, task, at, RUN, signal);
    points.push(pointOf(at, lagOf(result, source, frame)));
  }
  refuseLate(points, frame, task);
  return { points, ...(await lengthOf(tools, task, end, signal)) };
}

/** Where the runs begin, in seconds: in the middles of equal parts. */
function placesOf(start: number, end: number): number[] {
  const count = Math.min(POINTS, Math.max(1, Math.floor((end - start) / SECONDS_A_POINT)));
  return Array.from({ length: count }, (_, i) => {
    const middle = start + ((i + 0.5) / count) * (end - start);
    return Math.max(start, middle - RUN / 2);
  });
}

/** Seconds of one frame of the result, in the mean. */
const frameOf = ({ steps, frames }: Manifest): number =>
  secondsOf(steps.reduce((sum, [count, ticks]) => sum + count * ticks, 0)) / frames;

const resultShades = (
  tools: Pick<Tools, 'ffmpeg'>,
  { job: { info }, manifest, result, resultStream }: SyncTask,
  from: number,
  signal?: AbortSignal,
): Promise<Shade[]> => {
  const start = secondsOf(clockStart(info, manifest) + clockShift(info, manifest));
  const where = { from, seconds: RUN, start, scratch: `${result}.shades` };
  return shadesOf(
    tools,
    { file: result, input: ownInput(result), stream: resultStream, filters: [], ...where },
    signal,
  );
};

/** The source around the same moment, on the result's clock; a frame for every field where its frames have two. */
async function sourceShades(
  tools: Pick<Tools, 'ffmpeg'>,
  { job, manifest, source, result }: SyncTask,
  at: number,
  seconds: number,
  signal?: AbortSignal,
): Promise<Shade[]> {
  const { info } = job;
  const shift = secondsOf(clockShift(info, manifest));
  const stretch = { from: at - shift - WIDEST_LAG, seconds: seconds + 2 * WIDEST_LAG };
  const where = { ...stretch, start: secondsOf(clockStart(info, manifest)), scratch: `${result}.shades` };
  const input = sourceInput(source);
  const whole = { file: source, input, stream: info.pictureStream, filters: wholePictures(job) };
  const shades = await shadesOf(tools, { ...whole, ...where }, signal);
  return shades.map((shade) => ({ ...shade, seconds: shade.seconds + shift }));
}

/** Film that was telecined has two moments in some of its frames, as video has in all. */
function wholePictures(job: SyncTask['job']): string[] {
  const hasFields = !['progressive', 'soft-telecine'].includes(cadenceOf(job));
  return hasFields ? cadenceFilters('interlaced', job.cadence.fieldOrder, 'field', job.info.picture) : [];
}

/** Less agreement is no evidence: another picture, or one that a model has changed beyond recognition. */
const AGREES = 0.7;
/** A repeated movement agrees with itself elsewhere too. */
const CLEAR = 0.005;

function pointOf(at: number, lag: Lag | undefined): SyncPoint {
  const seconds = thousandths(at);
  if (!lag) return { seconds, skipped: 'still' };
  if (lag.agreement < AGREES || lag.agreement - lag.elsewhere < CLEAR) return { seconds, skipped: 'unclear' };
  return { seconds, lateMs: Math.round(lag.seconds * 1000), agreement: thousandths(lag.agreement) };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

/** Milliseconds beside half a frame: Matroska rounds both clocks to one, and the measurement is as fine. */
const TOLERANCE_MS = 4;

function refuseLate(points: readonly SyncPoint[], frame: number, { result }: SyncTask): void {
  const limit = frame * 500 + TOLERANCE_MS;
  for (const point of points) {
    if ('skipped' in point || Math.abs(point.lateMs) <= limit) continue;
    const { lateMs, agreement, seconds } = point;
    const how = `${Math.abs(lateMs)} ms too ${lateMs > 0 ? 'late' : 'early'}`;
    throw new Failure('verify-failed', `The picture of ${result} comes ${how} at ${timecode(seconds)}`, {
      evidence: `agreement with the source ${agreement.toFixed(3)}, allowed ${limit.toFixed(0)} ms`,
    });
  }
}

/** The source's end is its last frame that can be decoded, and one frame more. */
async function lengthOf(
  tools: Pick<Tools, 'ffmpeg'>,
  task: SyncTask,
  end: number,
  signal?: AbortSignal,
): Promise<Pick<Sync, 'longerMs'>> {
  const last = await sourceShades(tools, task, end - TAIL, TAIL + BEYOND, signal);
  const [before, final] = [last.at(-2), last.at(-1)];
  if (!before || !final) return {};
  const sourceEnd = 2 * final.seconds - before.seconds;
  return { longerMs: Math.round((end - sourceEnd) * 1000) };
}
