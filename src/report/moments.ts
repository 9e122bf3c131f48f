/** Which moments of an episode are looked at: where a restorer and an encoder have most to do. Pure. */
import type { Complexity } from './measure.js';

/** `motion`: most of it · `dark`: darkest without being black · `detail`: finest. */
export type Reason = 'motion' | 'dark' | 'detail';

export interface Place extends Complexity {
  /** Seconds on the clock that the places were made for. */
  readonly seconds: number;
}

export interface Moment {
  readonly seconds: number;
  readonly reason: Reason;
}

/** Share of an episode at either end that is never looked at: fades, logos, rolls. */
const MARGIN = 0.05;

/** Seconds of `count` places, evenly over what lies between the margins. */
export const placesOf = (durationSeconds: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => durationSeconds * (MARGIN + ((1 - 2 * MARGIN) * (i + 0.5)) / count));

/** Mean brightness below which a picture is black, and detail below which there is nothing to see; of 255. */
const BLACK = 20;
const PLAIN = 0.5;

const reasons: readonly Reason[] = ['motion', 'dark', 'detail'];

const worth: Readonly<Record<Reason, (place: Place) => number>> = {
  motion: ({ motion }) => motion,
  dark: ({ brightness }) => -brightness,
  detail: ({ detail }) => detail,
};

/**
 * At most `count` moments, each of another place, in the order of time. The reasons take turns. Black and plain pictures come last:
 * an episode of nothing else is shown as it is.
 */
export function chooseMoments(places: readonly Place[], count: number): Moment[] {
  const isSeen = ({ brightness, detail }: Place): boolean => brightness >= BLACK && detail >= PLAIN;
  const left = places.filter(isSeen);
  const open = left.length > 0 ? left : [...places];
  const chosen: Moment[] = [];
  for (let turn = 0; chosen.length < count && open.length > 0; turn++) {
    const reason = reasons[turn % reasons.length] ?? 'motion';
    const most = open.reduce((best, place) => (worth[reason](place) > worth[reason](best) ? place : best));
    // What is beside it looks the same: it goes too, while there is enough left.
    const near = open.indexOf(most);
    const isRich = open.length >= (count - chosen.length) * 3;
    open.splice(isRich ? Math.max(0, near - 1) : near, isRich ? Math.min(near, 1) + 2 : 1);
    chosen.push({ seconds: most.seconds, reason });
  }
  return chosen.sort((a, b) => a.seconds - b.seconds);
}
