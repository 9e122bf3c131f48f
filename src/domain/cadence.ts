/** How film and video follow each other in a source. */

/**
 * How the coded frames of a passage become restored ones.
 * `frames`: as they are (progressive, or film that a player repeats by flags) · `film`: five coded frames hold four of film in their fields ·
 * `video`: every field is a moment of its own · `mixed`: film under something that moves at the rate of fields, such as a credit roll.
 */
export type PassageKind = 'frames' | 'film' | 'video' | 'mixed';

/** Coded frames that follow each other and are restored in one way. */
export interface Passage {
  readonly kind: PassageKind;
  /** Index of its first coded frame, in the order of the decoder. */
  readonly first: number;
  readonly frames: number;
  /** Frames: they follow each other at film's pace, whatever the container says; a player is told by flags to show some longer. */
  readonly soft?: true;
  /** Film: place of the first frame in the 3:2 cycle, 0 to 4. The frame at 2 repeats the one before it; 2 and 3 mix two frames of film. */
  readonly phase?: number;
  /** Film: indices of frames that no two fields make whole, at edits inside the cycle. */
  readonly torn?: readonly number[];
}

/** What the user says about a stretch of a source, in seconds from its first frame. */
export interface CadenceWord {
  readonly from: number;
  readonly to: number;
  readonly kind: PassageKind;
}

/** Coded frames of a cycle of 3:2 pulldown, and the places of the two that mix frames of film. */
export const CYCLE = 5;
export const REPEAT = 2;
export const SPLIT = 3;

/** Place of a frame of a film passage in the cycle. */
export const phaseAt = ({ first, phase = 0 }: Passage, frame: number): number => (frame - first + phase) % CYCLE;

/** Whether a frame is the first picture of nothing new: film drops it. */
export const isRepeat = (passage: Passage, frame: number): boolean =>
  passage.kind === 'film' && phaseAt(passage, frame) === REPEAT;

/** Restored frames of a passage; `field`: video gives a frame for each field, else for each two. */
export function restoredFrames(passage: Passage, video: 'field' | 'frame'): number {
  if (passage.kind === 'frames') return passage.frames;
  if (passage.kind !== 'film') return passage.frames * (video === 'field' ? 2 : 1);
  const { phase = 0, frames } = passage;
  // Frames before the first repeat, then one repeat in every cycle.
  const before = (REPEAT - phase + CYCLE) % CYCLE;
  const repeats = frames > before ? Math.ceil((frames - before) / CYCLE) : 0;
  return frames - repeats;
}
