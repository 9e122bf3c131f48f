/** When each restored frame is shown, by the passages: film at its own pace, video by fields, all else as the source says. Pure. */
import { isRepeat, phaseAt, type Passage } from '../domain/cadence.js';
import { FIELD_SWING, ROUNDING } from './steady-times.js';

/** Ticks of a coded frame and of a field at 30000/1001 frames a second, and of a frame of film. */
const CODED = 4004;
const FIELD = 2002;
const FILM = 5005;

/** Ticks by which the film frame that a coded frame of the cycle becomes is due after it: they are due at 0, 5005, 10010 and 15015. */
const DUE: readonly number[] = [0, FILM - CODED, 0, 2 * FILM - 3 * CODED, 3 * FILM - 4 * CODED];

/** Two frames are at least half a field apart, whatever an edit does to the cycle. */
const LEAST = 1001;

/** A restored frame's origin. */
export interface Shown {
  readonly passage: Passage;
  /** Index of the coded frame. */
  readonly frame: number;
  /** It comes from the second of the frame's fields. */
  readonly isSecond: boolean;
}

/** Every restored frame, in order. @param video one frame for each field of video, or for each two */
export function* shownFrames(passages: readonly Passage[], video: 'field' | 'frame'): Generator<Shown> {
  for (const passage of passages) {
    for (let frame = passage.first; frame < passage.first + passage.frames; frame++) {
      if (isRepeat(passage, frame)) continue;
      yield { passage, frame, isSecond: false };
      if (isByField(passage) && video === 'field') yield { passage, frame, isSecond: true };
    }
  }
}

const isByField = ({ kind }: Passage): boolean => kind === 'video' || kind === 'mixed';

/**
 * Durations of all restored frames in ticks; the last one lasts as long as its kind does.
 * @param times their measured times in ticks, rising: those of the coded frames that they come from
 */
export function restoredDurations(
  times: readonly number[],
  passages: readonly Passage[],
  video: 'field' | 'frame',
): number[] {
  const shown = [...shownFrames(passages, video)];
  const due: number[] = [];
  let steady: number | undefined;
  shown.forEach(({ passage, frame, isSecond }, i) => {
    if (!isSecond) steady = follow(steady, times[i] ?? 0, passage);
    const late = isSecond ? FIELD : passage.kind === 'film' ? (DUE[phaseAt(passage, frame)] ?? 0) : 0;
    due.push(Math.max((steady ?? 0) + late, (due.at(-1) ?? -Infinity) + LEAST));
  });
  const last = shown.at(-1);
  const end = (due.at(-1) ?? 0) + (last ? paceOf(last.passage, video) : 0);
  return due.map((time, i) => (due[i + 1] ?? end) - time);
}

/** Ticks from one restored frame to the next. */
function paceOf(passage: Passage, video: 'field' | 'frame'): number {
  if (isByField(passage)) return video === 'field' ? FIELD : CODED;
  return passage.kind === 'film' || passage.soft ? FILM : CODED;
}

/** The steady time of a coded frame: whole steps after the one before it, where its stamp agrees; else the clock starts anew with the stamp. */
function follow(before: number | undefined, stamp: number, { soft }: Passage): number {
  const step = soft ? FILM : CODED;
  if (before === undefined) return stamp;
  const expected = before + step * Math.max(1, Math.round((stamp - before) / step));
  return Math.abs(stamp - expected) <= (soft ? FIELD_SWING : ROUNDING) ? expected : stamp;
}
