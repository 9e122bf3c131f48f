/** From the passages of a source to the verdict on it: one word, how sure, and the line that a human judges. Pure. */
import type { Passage } from '../domain/cadence.js';
import type { Cadence, CadenceVerdict } from '../domain/media.js';
import type { CadenceMap } from './cadence-map.js';

/** What a passage is in the words of the whole. */
function cadenceOfPassage({ kind, soft }: Passage): Cadence {
  if (kind === 'frames') return soft ? 'soft-telecine' : 'progressive';
  return kind === 'film' ? 'hard-telecine' : 'interlaced';
}

export function verdictOf({ order, passages, confidence }: CadenceMap): CadenceVerdict {
  const counts = countsOf(passages);
  const [cadence = 'progressive'] = [...counts].sort((a, b) => b[1] - a[1]).map(([most]) => most);
  const isSimple = counts.size <= 1 && cadence !== 'hard-telecine';
  return {
    ...{ cadence, fieldOrder: order, confidence, evidence: evidenceOf(passages, counts) },
    ...(isSimple ? {} : { passages }),
  };
}

/** Coded frames of each cadence. */
function countsOf(passages: readonly Passage[]): ReadonlyMap<Cadence, number> {
  const counts = new Map<Cadence, number>();
  for (const passage of passages) {
    const cadence = cadenceOfPassage(passage);
    counts.set(cadence, (counts.get(cadence) ?? 0) + passage.frames);
  }
  return counts;
}

function evidenceOf(passages: readonly Passage[], counts: ReadonlyMap<Cadence, number>): string {
  const frames = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const shares = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(
      ([cadence, count]) => `${((100 * count) / Math.max(1, frames)).toFixed(counts.size > 1 ? 1 : 0)} % ${cadence}`,
    );
  const mixed = passages.filter(({ kind }) => kind === 'mixed').length;
  const torn = passages.reduce((sum, passage) => sum + (passage.torn?.length ?? 0), 0);
  return [
    `${frames} frames: ${shares.join(', ')}`,
    ...(passages.length > 1 ? [`in ${passages.length} passages`] : []),
    ...(mixed > 0 ? [`${mixed} with something over film that moves by fields`] : []),
    ...(torn > 0 ? [`${torn} frames torn by edits`] : []),
  ].join('; ');
}
