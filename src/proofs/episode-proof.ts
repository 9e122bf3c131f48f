/** From the proofs of all segments and of the whole to that of the episode. Pure. */
import type { Alarm, EpisodeProof, FrameProof, Level, Likeness, PictureProof } from '../domain/proof.js';
import { medianOf } from '../domain/statistics.js';
import type { Sync } from './sync.js';

/** A finished segment: how many frames it has, and its proof if there is one. */
export interface ProvenSegment {
  readonly frames: number;
  readonly proof?: PictureProof;
}

/** The end of the result's picture: its last frame, its time in seconds, and how long it lasts. */
export interface End {
  readonly frame: number;
  readonly seconds: number;
  readonly frameSeconds: number;
}

/** What is proven of the restored picture, and the time of its frames in the result, in seconds. */
export interface RestoredProof {
  readonly proof: FrameProof;
  readonly timeOf: (frame: number) => number;
}

/** @param restored absent where nobody has looked */
export function episodeProof(
  segments: readonly ProvenSegment[],
  { points, longerMs }: Sync,
  end: End,
  restored?: RestoredProof,
): EpisodeProof {
  const proven = segments.flatMap(({ frames, proof }) => (proof ? [{ frames, proof }] : []));
  const [first, ...others] = proven;
  const whole = first && proven.length === segments.length;
  return {
    ...(whole
      ? { likeness: others.reduce(together, { frames: first.frames, likeness: likenessOf(first.proof) }).likeness }
      : {}),
    ...(restored ? { fields: restored.proof.fields } : {}),
    sync: points,
    ...(longerMs === undefined ? {} : { longerMs }),
    alarms: [
      ...(restored ? frameAlarms(restored) : []),
      ...alarmsOf(proven.map(({ proof }) => proof)),
      ...lengthAlarm(longerMs, end),
    ],
  };
}

/** They are the restored picture's own, so there is no still of both beside each other. */
const frameAlarms = ({ proof, timeOf }: RestoredProof): Alarm[] =>
  proof.faults.map(({ kind, frame, count, evidence }) => ({
    kind,
    frame,
    seconds: timeOf(frame),
    frames: count,
    evidence,
  }));

const likenessOf = ({ ssim, xpsnr, vmaf, scenes }: PictureProof): Likeness => ({
  ...{ ssim, xpsnr, scenes },
  ...(vmaf === undefined ? {} : { vmaf }),
});

interface Counted {
  readonly frames: number;
  readonly likeness: Likeness;
}

function together(a: Counted, { frames, proof }: Required<ProvenSegment>): Counted {
  const both = (one: Level, other: Level): Level => {
    const mean = (one.mean * a.frames + other.mean * frames) / (a.frames + frames);
    return { ...(other.low < one.low ? other : one), mean: Math.round(mean * 10_000) / 10_000 };
  };
  const { likeness } = a;
  // Of an episode whose machines had different programs only what all of them measured is told.
  const vmaf = likeness.vmaf && proof.vmaf ? { vmaf: both(likeness.vmaf, proof.vmaf) } : {};
  return {
    frames: a.frames + frames,
    likeness: {
      ssim: both(likeness.ssim, proof.ssim),
      xpsnr: both(likeness.xpsnr, proof.xpsnr),
      ...vmaf,
      scenes: likeness.scenes + proof.scenes,
    },
  };
}

/** A scene below this, and so far below the episode's own level, is one to look at, though no frame is wrong for itself. */
const UNLIKE = 0.6;
const FAR = 0.25;

function alarmsOf(proofs: readonly PictureProof[]): Alarm[] {
  const level = medianOf(proofs.map(({ ssim }) => ssim.mean));
  return proofs.flatMap(({ ssim: { low, frame, seconds }, alarms }) => {
    const isKnown = alarms.some(({ kind }) => kind === 'unlike');
    if (isKnown || low >= UNLIKE || low >= level - FAR) return alarms;
    const evidence = `SSIM ${low.toFixed(3)} over a scene, usual in this episode ${level.toFixed(3)}`;
    return [...alarms, { kind: 'unlike', frame, seconds, frames: 1, evidence }];
  });
}

/** Beside a frame: a millisecond of the container, and the field that a telecined end may lack. */
const FIELD_MS = 17;

function lengthAlarm(longerMs: number | undefined, { frame, seconds, frameSeconds }: End): Alarm[] {
  if (longerMs === undefined || Math.abs(longerMs) <= frameSeconds * 1000 + FIELD_MS) return [];
  const evidence = `${Math.abs(longerMs)} ms ${longerMs > 0 ? 'longer' : 'shorter'}, a frame lasts ${(frameSeconds * 1000).toFixed(0)} ms`;
  return [{ kind: 'length', frame, seconds, frames: 1, evidence }];
}
