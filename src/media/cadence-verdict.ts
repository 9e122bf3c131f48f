/** From counted frames to the verdict on a source's cadence. Pure; the thresholds were measured on film and video with and without grain. */
import { ratio, type Cadence, type CadenceVerdict, type Picture } from '../domain/media.js';

/** What ffmpeg's idet filter and the decoder say about sampled frames. */
export interface CadenceCounts {
  readonly frames: number;
  /** Frames that idet, looking at their neighbours too, holds for interlaced (by field order) and for progressive. */
  readonly tff: number;
  readonly bff: number;
  readonly progressive: number;
  /** Frames that repeat a field of the frame before. */
  readonly repeated: number;
  /** Interlaced-looking frames of the emptiest and of the fullest of the five places in a 3:2 cycle. */
  readonly cycleLeast: number;
  readonly cycleMost: number;
  /** Frames that the decoder was asked about, and how many of them tell the player to repeat a field. */
  readonly decoded: number;
  readonly flagged: number;
}

/** One field order has to outweigh the other by this share of the frames; fine static detail looks like both alike. */
const INTERLACED = 0.25;
/** Up to here a share is noise. */
const NOISE = 0.1;
/** Pure soft telecine flags every second frame. */
const SOFT = 0.2;
const SOME_SOFT = 0.05;
/** Telecine repeats two of five fields; grain hides most of them. */
const REPEATED = 0.2;
/** Telecine leaves one place of its cycle nearly clean, video none. */
const CLEAN_PLACE = 0.35;

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Cadence, field order and how sure that is. */
export function cadenceVerdict(
  counts: CadenceCounts,
  picture: Pick<Picture, 'frameRate' | 'interlaced'>,
): CadenceVerdict {
  const combed = share(Math.abs(counts.tff - counts.bff), counts.tff + counts.bff + counts.progressive);
  const flagged = share(counts.flagged, counts.decoded);
  const cadence = decide(counts, combed, flagged, picture);
  return {
    cadence,
    fieldOrder: counts.bff > counts.tff ? 'bff' : 'tff',
    confidence: confidenceOf(cadence, combed, flagged),
    evidence: evidenceOf(counts),
  };
}

function decide(
  counts: CadenceCounts,
  combed: number,
  flagged: number,
  { frameRate, interlaced }: Pick<Picture, 'frameRate' | 'interlaced'>,
): Cadence {
  if (flagged >= SOFT && combed < NOISE) return 'soft-telecine';
  // Both kinds by turns: the chain for hard telecine undoes both.
  if (flagged >= SOME_SOFT && combed >= NOISE) return 'hard-telecine';
  const rate = ratio(frameRate);
  const television = (rate > 24.5 && rate < 31) || interlaced === true;
  if (!television || combed < INTERLACED) return 'progressive';
  return rate > 28 && rate < 31 && isTelecine(counts) ? 'hard-telecine' : 'interlaced';
}

const isTelecine = ({ frames, repeated, cycleLeast, cycleMost }: CadenceCounts): boolean =>
  share(repeated, frames) >= REPEATED || (cycleMost > 0 && cycleLeast / cycleMost < CLEAN_PLACE);

function confidenceOf(cadence: Cadence, combed: number, flagged: number): number {
  if (cadence === 'progressive') return 1 - combed;
  if (cadence === 'soft-telecine') return Math.min(1, 2 * flagged);
  return Math.min(1, combed + flagged);
}

function evidenceOf(counts: CadenceCounts): string {
  const percent = (part: number, whole: number) => `${Math.round(100 * share(part, whole))} %`;
  const { frames, tff, bff, progressive, repeated, decoded, flagged } = counts;
  return (
    `${frames} frames: ${percent(progressive, frames)} progressive, ${percent(tff, frames)} top field first, ` +
    `${percent(bff, frames)} bottom field first, ${percent(repeated, frames)} repeat a field, ${percent(flagged, decoded)} flagged to repeat one`
  );
}
