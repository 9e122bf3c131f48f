/** Where a source is sampled, and how the answers about a sample are counted. Pure. */
import type { CadenceCounts } from './cadence-verdict.js';

/** A stretch of the source in seconds. */
export interface Sample {
  readonly start: number;
  readonly seconds: number;
}

const SAMPLES = 8;
const SAMPLE_SECONDS = 8;

/** The whole of a short source; else samples in the middles of equal parts, so that titles at both ends weigh little. */
export function samplesOf(durationSeconds: number): Sample[] {
  if (durationSeconds <= SAMPLES * SAMPLE_SECONDS) return [{ start: 0, seconds: durationSeconds }];
  const part = durationSeconds / SAMPLES;
  return Array.from({ length: SAMPLES }, (_, i) => ({
    start: Math.floor((i + 0.5) * part - SAMPLE_SECONDS / 2),
    seconds: SAMPLE_SECONDS,
  }));
}

export const NOTHING_COUNTED: CadenceCounts = {
  frames: 0,
  tff: 0,
  bff: 0,
  progressive: 0,
  repeated: 0,
  cycleLeast: 0,
  cycleMost: 0,
  decoded: 0,
  flagged: 0,
};

/** Counts of two samples together. */
export const addCounts = (a: CadenceCounts, b: CadenceCounts): CadenceCounts => ({
  frames: a.frames + b.frames,
  tff: a.tff + b.tff,
  bff: a.bff + b.bff,
  progressive: a.progressive + b.progressive,
  repeated: a.repeated + b.repeated,
  cycleLeast: a.cycleLeast + b.cycleLeast,
  cycleMost: a.cycleMost + b.cycleMost,
  decoded: a.decoded + b.decoded,
  flagged: a.flagged + b.flagged,
});

const METADATA = /^lavfi\.idet\.(single|multiple|repeated)\.current_frame=(\w+)$/;

/** Counts the lines that idet's metadata print for one sample. */
export function idetCounts(lines: readonly string[]): CadenceCounts {
  const seen: Record<string, string[]> = { single: [], multiple: [], repeated: [] };
  for (const line of lines) {
    const [, kind, word] = METADATA.exec(line) ?? [];
    if (kind !== undefined && word !== undefined) seen[kind]?.push(word);
  }
  const { single = [], multiple = [], repeated = [] } = seen;
  const count = (words: readonly string[], word: string) => words.filter((other) => other === word).length;
  return {
    ...NOTHING_COUNTED,
    frames: multiple.length,
    tff: count(multiple, 'tff'),
    bff: count(multiple, 'bff'),
    progressive: count(multiple, 'progressive'),
    repeated: count(repeated, 'top') + count(repeated, 'bottom'),
    ...cycleCounts(single.map((word) => word === 'tff' || word === 'bff')),
  };
}

const CYCLE = 5;
/** Frames looked at together: edits break the cycle, so it is sought in short stretches. */
const STRETCH = 8 * CYCLE;
/** A stretch with fewer interlaced-looking frames says nothing: it hardly moves. */
const MOVING = 12;

/** How unevenly interlaced-looking frames lie in the 3:2 cycle, summed over all stretches that move. */
export function cycleCounts(combed: readonly boolean[]): Pick<CadenceCounts, 'cycleLeast' | 'cycleMost'> {
  let cycleLeast = 0;
  let cycleMost = 0;
  for (let from = 0; from + STRETCH <= combed.length; from += STRETCH) {
    const places = Array.from({ length: CYCLE }, () => 0);
    combed.slice(from, from + STRETCH).forEach((is, i) => {
      if (is) places[i % CYCLE] = (places[i % CYCLE] ?? 0) + 1;
    });
    if (places.reduce((sum, n) => sum + n, 0) < MOVING) continue;
    cycleLeast += Math.min(...places);
    cycleMost += Math.max(...places);
  }
  return { cycleLeast, cycleMost };
}
