/** Which moments of a source nobody sees in its restored picture. Pure. */
import type { Passage } from '../domain/cadence.js';
import { parities, type OfFields, type Parity } from './field-match.js';

/**
 * What a lost moment is where a coded frame lies. `whole`: both of its fields, since film has two of each moment, and at an edit inside the
 * 3:2 cycle half a frame may be left over · `field`: each field is a moment of its own · a parity: video of which only these fields are kept.
 */
export type Wanted = 'whole' | 'field' | Parity;

/** Blocks that have to move for a field to show something new: fewer are noise of the coding. */
const LEAST = 3;
/** A repeat is near to one of its neighbours; what lies between both by this share of their distance is none. */
const BETWEEN = 0.3;

/** Fields of one parity in a row that show the same. */
interface Moment {
  readonly first: number;
  readonly last: number;
}

/**
 * Coded frames at which moments are lost, one for each.
 * @param moved blocks of each field that have moved since the frame before
 * @param shown 1 for every field that the restored picture holds
 */
export function lostMoments(
  moved: OfFields<ArrayLike<number>>,
  shown: OfFields<Uint8Array>,
  wanted: (frame: number) => Wanted,
): number[] {
  const [top, bottom] = parities.map((parity) => unseen(moved[parity], shown[parity]));
  const lost = { top: top ?? [], bottom: bottom ?? [] };
  const frames = new Set<number>();
  for (const parity of parities) {
    const others = lost[parity === 'top' ? 'bottom' : 'top'];
    for (const moment of lost[parity]) {
      const want = wanted(moment.first);
      // Fields of a frame of film may be coded one frame apart.
      const partner = others.some(({ first, last }) => first <= moment.last + 1 && last >= moment.first - 1);
      if (want === 'whole' ? parity === 'top' && partner : want === 'field' || want === parity)
        frames.add(moment.first);
    }
  }
  return [...frames].sort((a, b) => a - b);
}

/** Moments of a parity of which no field is shown, and that no neighbour shows either. */
function unseen(moved: ArrayLike<number>, shown: Uint8Array): Moment[] {
  const found: Moment[] = [];
  const frames = shown.length;
  for (let first = 0, next = 1; first < frames; first = next, next = first + 1) {
    while (next < frames && (moved[next] ?? 0) < LEAST) next += 1;
    if (shown.subarray(first, next).includes(1)) continue;
    const [before, after] = [
      first === 0 ? Infinity : (moved[first] ?? 0),
      next === frames ? Infinity : (moved[next] ?? 0),
    ];
    const far = Math.max(...[before, after].filter(Number.isFinite), LEAST);
    if (Math.min(before, after) >= BETWEEN * far) found.push({ first, last: next - 1 });
  }
  return found;
}

/** @param video what is kept of a source's video: each field, or the first of each two */
export function wantedBy(passages: readonly Passage[], video: 'field' | Parity): (frame: number) => Wanted {
  const wants = passages.map(({ kind }): Wanted => (kind === 'video' || kind === 'mixed' ? video : 'whole'));
  return (frame) => wants[passages.findLastIndex(({ first }) => first <= frame)] ?? 'whole';
}
