/** From what is wrong with single frames to a segment's alarms: one for each kind, and whether it may be delivered. Pure. */
import type { EngineName } from '../domain/profile.js';
import type { AlarmKind } from '../domain/proof.js';
import { medianOf } from '../domain/statistics.js';
import type { Compared } from './compare.js';
import { findingOf, type Finding } from './detectors.js';
import type { Mark } from './mark.js';

/** Something that is wrong with a segment. */
export interface Wrong {
  readonly kind: AlarmKind;
  /** The first frame of the segment that shows it, the one that shows it most, and how many do. */
  readonly first: number;
  readonly worst: number;
  readonly frames: number;
  readonly evidence: string;
  /** Beyond doubt: the segment is not delivered. */
  readonly certain: boolean;
}

/** So many frames in a row that stand still or come at the wrong place are no chance: half a second of film. */
const RUN: Readonly<Partial<Record<AlarmKind, number>>> = { frozen: 12, shifted: 12 };

/**
 * Everything that is wrong, in the order of the frames.
 * @param engine what rendered it: an open model marks nothing, so what stands still on its picture may be its style
 */
export function wrongs({ frames, mark }: Compared, engine: EngineName): Wrong[] {
  const level = medianOf(frames.map(({ ssim }) => ssim));
  const byKind = new Map<AlarmKind, Found[]>();
  frames.forEach((seen, frame) => {
    const finding = findingOf(seen, level);
    if (finding) byKind.set(finding.kind, [...(byKind.get(finding.kind) ?? []), { ...finding, frame }]);
  });
  // A mark is out of line in every frame: that is said once.
  if (mark && (byKind.get('tile')?.length ?? 0) > frames.length / 2) byKind.delete('tile');
  const found = [...byKind.values()].map(wrongOf);
  return [...found, ...(mark ? [markWrong(mark, frames.length, engine)] : [])].sort((a, b) => a.first - b.first);
}

type Found = Finding & { readonly frame: number };

function wrongOf(found: readonly Found[]): Wrong {
  const worst = found.reduce((a, b) => (b.strength > a.strength ? b : a));
  const run = RUN[worst.kind];
  return {
    kind: worst.kind,
    first: Math.min(...found.map(({ frame }) => frame)),
    worst: worst.frame,
    frames: found.length,
    evidence: worst.evidence,
    certain: run === undefined ? found.some(({ certain }) => certain) : longestRun(found) >= run,
  };
}

/** Most frames in a row. */
function longestRun(found: readonly Found[]): number {
  let longest = 0;
  let run = 0;
  found.forEach(({ frame }, i) => {
    run = found[i - 1]?.frame === frame - 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}

/** A licensed engine's mark so strong, over so many cells, is its watermark. */
const CERTAIN_STRENGTH = 12;
const CERTAIN_CELLS = 8;

const markWrong = ({ cells, strength, place }: Mark, frames: number, engine: EngineName): Wrong => ({
  kind: 'mark',
  first: 0,
  worst: frames >> 1,
  frames,
  evidence: `${place}: ${cells} blocks of 8 × 8 pixels, ${strength.toFixed(0)} codes`,
  certain: engine === 'topaz' && strength >= CERTAIN_STRENGTH && cells >= CERTAIN_CELLS,
});
