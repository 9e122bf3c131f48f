/** What is proven of a picture that was made: how like its origin it is, what looks wrong, and where it lies against the sound. */
import type { StoreKey } from './ids.js';

/** What may look wrong in a picture while the restored one does not show it, as a sentence about a picture. */
export const alarmKinds = {
  black: 'is black, the restored one is not',
  green: 'is green where the restored one is not',
  frozen: 'stands still while the restored one moves',
  shifted: 'is that of a neighbouring frame',
  colour: 'has other colours or another brightness than the restored one',
  tile: 'has blocks that differ far more than the rest of it',
  mark: 'has something on it that stands still, like a watermark',
  unlike: 'is not like the restored one',
  lost: 'lacks moments that its source shows',
  doubled: 'shows a frame of its source twice',
  foreign: 'has frames that are none of its source',
  length: 'is longer or shorter than that of the source',
} as const;

export type AlarmKind = keyof typeof alarmKinds;

/** Those for which a segment may be refused; a human may accept them for an episode. */
export const refusableKinds = [
  'black',
  'green',
  'frozen',
  'shifted',
  'colour',
  'mark',
  'unlike',
] as const satisfies readonly AlarmKind[];

export type RefusableKind = (typeof refusableKinds)[number];

/** Whether `text` is such a kind: it may come from a record, or from a message. */
export const isRefusable = (text: string): text is RefusableKind => refusableKinds.some((kind) => kind === text);

/** Something that a human should look at. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** The first frame of the episode that shows it, and its time in the result in seconds. */
  readonly frame: number;
  readonly seconds: number;
  /** How many frames show it, of one segment. */
  readonly frames: number;
  /** The numbers behind it, as one line. */
  readonly evidence: string;
  /** A picture of the frame: restored beside rendered. In a receipt its key in the store, in a delivery its path at home. */
  readonly still?: StoreKey;
  /** Beyond doubt, and delivered because a human accepts it. */
  readonly accepted?: true;
}

/** A measure of likeness over many frames. */
export interface Level {
  readonly mean: number;
  /** Mean of the scene that is least like its origin, the scene's first frame, and its time in the result in seconds. */
  readonly low: number;
  readonly frame: number;
  readonly seconds: number;
}

/** How like the restored picture the rendered one is, scaled down to its size. */
export interface Likeness {
  /** Structural similarity, 0 to 1. */
  readonly ssim: Level;
  /** Perceptually weighted signal to noise, in dB; equal pictures count as 100. */
  readonly xpsnr: Level;
  /** VMAF 0.6.1 of every fifth frame, 0 to 100; absent where an ffmpeg had no libvmaf. */
  readonly vmaf?: Level;
  readonly scenes: number;
}

/** What is proven of a segment's picture. Nothing per frame. */
export interface PictureProof extends Likeness {
  readonly alarms: readonly Alarm[];
}

/** Frames of the restored picture that are not what the source has there. */
export interface FrameFault {
  readonly kind: Extract<AlarmKind, 'lost' | 'doubled' | 'foreign'>;
  /** The first frame of the episode at which it shows, and how many there are. */
  readonly frame: number;
  readonly count: number;
  readonly evidence: string;
}

/** Whether the restored picture has everything of its source once. */
export interface FrameProof {
  /** Fields of the source that were looked for. */
  readonly fields: number;
  /** One of each kind at most. */
  readonly faults: readonly FrameFault[];
}

/** Where the picture of the result lies against that of its source, on the clock that the sound keeps. */
export type SyncPoint =
  /** How late the result's picture is, and how well both agree there: 0 to 1. */
  | { readonly seconds: number; readonly lateMs: number; readonly agreement: number }
  /** Nothing can be said there: nothing moves, or several places look alike. */
  | { readonly seconds: number; readonly skipped: 'still' | 'unclear' };

/** All that is proven of a delivered episode. */
export interface EpisodeProof {
  /** Absent where a segment has no proof: it was made by 0.1.0. */
  readonly likeness?: Likeness;
  /** Fields of the source that were looked for in the restored picture; absent where nobody could. */
  readonly fields?: number;
  readonly sync: readonly SyncPoint[];
  /** How much longer the result's picture is than the source's; absent where the source's end was not found. */
  readonly longerMs?: number;
  readonly alarms: readonly Alarm[];
}

/** A time as on a player, with milliseconds: `0:12:34.567`. */
export function timecode(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const part = (of: number, unit: number, digits: number) => String(Math.floor(ms / unit) % of).padStart(digits, '0');
  return `${Math.floor(ms / 3_600_000)}:${part(60, 60_000, 2)}:${part(60, 1000, 2)}.${part(1000, 1, 3)}`;
}
