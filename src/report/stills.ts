/** Makes the two stills of a slider: the same frame of a source and of what became of it. */
import type { Size } from '../domain/geometry.js';
import type { SourceInfo } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { Failure } from '../domain/failures.js';
import { ffmpegHead } from '../media/ffmpeg.js';
import { bytesOf, grayFrames, type Taken } from './gray.js';
import { bestMatch, complexityOf, type Match } from './measure.js';
import type { Place } from './moments.js';
import type { Picture } from './pair.js';
import { resultLook, sourceLook, stillArgv, stillSize, type StillLook } from './shown.js';

export interface Stills {
  readonly before: Picture;
  readonly after: Picture;
  /** How alike the two frames are, up to 1. */
  readonly correlation: number;
}

export interface StillTask {
  readonly info: SourceInfo;
  readonly source: Taken;
  readonly result: Taken;
  /** Size of the result. */
  readonly target: Size;
  /** Frames of the result among which one is looked for that the source shows whole. */
  readonly among: number;
  /** Most columns of a still. */
  readonly most: number;
  readonly signal: AbortSignal;
}

/** Frames of the source among which the same frame is looked for: a third of a second. */
const BEFORE = 12;

/** @throws Failure `bad-source` when one of the two has no picture there, `cancelled` */
export async function takeStills(tools: Pick<Tools, 'ffmpeg'>, task: StillTask): Promise<Stills> {
  const { source, result, info, signal } = task;
  const match = await sameFrame(tools, task);
  const size = stillSize(task.target, task.most);
  const picture = async (taken: Taken, frame: number, look: StillLook): Promise<Picture> => {
    const argv = [...ffmpegHead(tools), ...stillArgv(taken, frame, size, look)];
    const jpeg = await bytesOf(argv, taken.input, signal);
    if (jpeg.length === 0) throw nothingThere(taken);
    return { url: `data:image/jpeg;base64,${jpeg.toString('base64')}`, ...size };
  };
  return {
    before: await picture(source, match.before, sourceLook(info)),
    after: await picture(result, match.after, resultLook),
    correlation: match.correlation,
  };
}

async function sameFrame(tools: Pick<Tools, 'ffmpeg'>, { source, result, among, signal }: StillTask): Promise<Match> {
  const before = await grayFrames(tools, source, BEFORE, signal);
  const after = await grayFrames(tools, result, among, signal);
  const match = bestMatch(before, after);
  if (match) return match;
  throw nothingThere(before.length === 0 ? source : result);
}

const nothingThere = ({ input }: Taken): Failure =>
  new Failure('bad-source', `There is no picture where one was looked for in ${input.at(-1) ?? ''}`, {
    evidence: input.join(' '),
  });

/** Frames of a place that are measured. */
const FEW = 5;

/** Measures the places of a source; where nothing can be decoded there is no place. @param takenAt the source from a moment on */
export async function survey(
  tools: Pick<Tools, 'ffmpeg'>,
  seconds: readonly number[],
  takenAt: (seconds: number) => Taken,
  signal: AbortSignal,
): Promise<Place[]> {
  const places: Place[] = [];
  for (const moment of seconds) {
    const frames = await grayFrames(tools, takenAt(moment), FEW, signal);
    if (frames.length > 0) places.push({ seconds: moment, ...complexityOf(frames) });
  }
  return places;
}
