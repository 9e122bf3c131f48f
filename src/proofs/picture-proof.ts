/** The proof of a segment's picture: its levels, and its alarms with their times in the episode. Pure. */
import { Failure } from '../domain/failures.js';
import { alarmKinds, timecode, type Alarm, type AlarmKind, type PictureProof } from '../domain/proof.js';
import type { Wrong } from './alarms.js';
import type { Compared } from './compare.js';
import { levelOf, scenesOf } from './scenes.js';

/** Where a segment lies in its episode. */
export interface Position {
  /** The segment's first frame. */
  readonly first: number;
  /** Time of a frame of the episode in the result, in seconds. */
  readonly timeOf: (frame: number) => number;
}

export function pictureProof({ frames, vmaf }: Compared, at: Position, alarms: readonly Alarm[]): PictureProof {
  const scenes = scenesOf(frames.map(({ change }) => change));
  const level = (values: readonly (number | undefined)[]) => levelOf(values, scenes, at);
  return {
    ssim: level(frames.map(({ ssim }) => ssim)),
    xpsnr: level(frames.map(({ xpsnr }) => xpsnr)),
    ...(vmaf === undefined ? {} : { vmaf: level(frames.map((_, i) => vmaf.get(i))) }),
    scenes: scenes.length,
    alarms,
  };
}

/** Kinds that a human accepts for the episode. */
export type Accepted = ReadonlySet<AlarmKind>;

/** @param still the alarm's picture in the store */
export function alarmOf(wrong: Wrong, at: Position, still: string, accepted: Accepted): Alarm {
  const { kind, first, frames, evidence, certain } = wrong;
  const frame = at.first + first;
  const alarm = { kind, frame, seconds: at.timeOf(frame), frames, evidence, still };
  return certain && accepted.has(kind) ? { ...alarm, accepted: true } : alarm;
}

/**
 * @param where the segment, for people
 * @throws Failure `verify-failed` when something is wrong beyond doubt and not accepted; its advice names all such kinds
 */
export function refuseWrong(wrongs: readonly Wrong[], accepted: Accepted, at: Position, where: string): void {
  const refused = wrongs.filter(({ certain, kind }) => certain && !accepted.has(kind));
  const [wrong] = refused;
  if (!wrong) return;
  const kinds = refused.map(({ kind }) => kind).join(',');
  const time = timecode(at.timeOf(at.first + wrong.first));
  throw new Failure('verify-failed', `The picture of ${where} ${alarmKinds[wrong.kind]}, from ${time} on`, {
    evidence: `${wrong.kind} in ${wrong.frames} of its frames: ${wrong.evidence}`,
    next: `To render it anew: taaf retry <episode>. If it is what you want: taaf retry <episode> --accept ${kinds}`,
  });
}

/**
 * For an engine that renders a watermark where its licence is missing: whatever stands still on the picture is taken for one, however faint.
 * @throws Failure `licence`
 */
export function refuseMark(wrongs: readonly Wrong[], where: string): void {
  const mark = wrongs.find(({ kind }) => kind === 'mark');
  if (!mark) return;
  throw new Failure(
    'licence',
    `The picture of ${where} ${alarmKinds.mark}: Topaz puts one there when it is not signed in`,
    {
      evidence: mark.evidence,
      next: 'Look at the still of it; sign in to Topaz anew (docs/topaz.md, "The licence"), then run: taaf retry <episode>',
    },
  );
}
