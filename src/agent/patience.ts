/** How long a leased machine may go on without finishing anything before it ends itself: pure, from what its units took so far. */
import { durations } from '../domain/durations.js';

/** Multiples of a unit's own time: a hard scene, a busy disk and a slow upload together are no reason to end a machine. */
const GENEROUS = 5;
/** Share of a unit's frames that must be done before they say how long the rest takes. */
const TELLING = 1 / 20;

/** What is known of this machine's units; kept over a restart of the agent, so that one that dies again and again gains no time. */
export interface Patience {
  /** When the machine ends itself: milliseconds since the epoch. */
  readonly until: number;
  /** Milliseconds that the longest unit took. */
  readonly longest: number;
}

/** Frames of the unit in hand, of `total` (0 where that is not known), at a time in milliseconds since the epoch. */
export interface FramesAt {
  readonly frames: number;
  readonly total: number;
  readonly at: number;
}

/** At the agent's first start on the machine. */
export const firstPatience = (now: number, scale: number): Patience => ({
  until: now + durations.patienceFirst / scale,
  longest: 0,
});

/** After a unit that took so many milliseconds. */
export function afterUnit({ longest }: Patience, took: number, now: number, scale: number): Patience {
  const most = Math.max(longest, took);
  return { until: now + Math.max(durations.patienceLeast / scale, GENEROUS * most), longest: most };
}

/**
 * While a unit is worked at: the same patience, or more of it where the rate of its frames says that the rest takes longer than any unit
 * before. A unit without frames, or at a stand, gains nothing.
 * @param first the unit's first frames: opening a model may take longer than all that follows
 */
export function duringUnit(patience: Patience, first: FramesAt, last: FramesAt): Patience {
  const done = last.frames - first.frames;
  if (last.total === 0 || done < last.total * TELLING) return patience;
  const rest = ((last.at - first.at) / done) * (last.total - last.frames);
  return { ...patience, until: Math.max(patience.until, last.at + GENEROUS * rest) };
}
