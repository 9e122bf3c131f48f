/** What is wrong with a frame, from what was seen of it: the first of these that explains it. Pure; the limits are reasoned in docs/decisions. */
import type { AlarmKind } from '../domain/proof.js';
import { MOVING, type Look } from './look.js';
import type { Score } from './scores.js';

export interface Finding {
  readonly kind: AlarmKind;
  /** How strong it is: the strongest frame's evidence speaks for a run. */
  readonly strength: number;
  /** The numbers, as one line. */
  readonly evidence: string;
  /** Wrong beyond doubt: nothing that upscaling does looks like this. */
  readonly certain: boolean;
}

type Seen = Look & Score;
type Detector = (seen: Seen, level: number) => Finding | undefined;

const codes = (value: number): string => value.toFixed(0);
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** Nearly all of the picture. */
const ALL = 0.98;

const black: Detector = ({ black: share, brightness }) => {
  const darker = brightness.restored - brightness.rendered;
  if (share.rendered < ALL || share.restored >= ALL || darker < 6) return undefined;
  const evidence = `brightness ${codes(brightness.rendered)}, restored ${codes(brightness.restored)}`;
  return { kind: 'black', strength: darker, evidence, certain: darker >= 16 };
};

const greenFrom =
  (least: number): Detector =>
  ({ green: share }) =>
    share < least
      ? undefined
      : { kind: 'green', strength: share, evidence: `${percent(share)} of the picture`, certain: share >= 0.1 };

const frozen: Detector = ({ moving }) => {
  if (moving.restored < MOVING || moving.rendered > moving.restored / 10) return undefined;
  const evidence = `${percent(moving.rendered)} of the picture moves, restored ${percent(moving.restored)}`;
  return { kind: 'frozen', strength: moving.restored, evidence, certain: false };
};

const shifted: Detector = ({ distance: { own, neighbour } }) => {
  if (own < 4 || neighbour > own / 2) return undefined;
  const evidence = `${own.toFixed(1)} codes from its own restored frame, ${neighbour.toFixed(1)} from a neighbour`;
  return { kind: 'shifted', strength: own / Math.max(neighbour, 0.1), evidence, certain: false };
};

const colour: Detector = ({ colour: apart, saturation, brightness, exchanged }) => {
  const brighter = Math.abs(brightness.rendered - brightness.restored);
  const other = apart >= 4 && apart >= saturation / 2;
  if (!other && brighter < 12) return undefined;
  // A grading, a tint or no colour at all may be a model's style. Red for blue never is.
  const evidence = `colours ${codes(apart)} codes apart at a saturation of ${codes(saturation)}, brightness ${codes(brighter)}`;
  return { kind: 'colour', strength: apart + brighter, evidence, certain: apart >= 8 && exchanged <= apart / 2 };
};

/** A tile of 64 pixels at four times the size lies in four cells, or in three if its edges are soft. */
const TILE = 3;

const tile: Detector = ({ odd }) =>
  odd < TILE
    ? undefined
    : { kind: 'tile', strength: odd, evidence: `${odd} blocks of 8 × 8 pixels side by side`, certain: false };

/** Below this similarity two pictures have little in common; so has noise with what a model makes of it. */
const UNLIKE = 0.5;
/** So far below what is usual in the segment. */
const FAR = 0.25;
/** Means of cells this far apart are no noise: 20 and more in two unrelated pictures, 6 in a screen full of snow. */
const UNRELATED = 16;

const unlike: Detector = ({ ssim, xpsnr, luma }, level) => {
  const isCertain = luma >= UNRELATED;
  if (ssim >= UNLIKE || (ssim >= level - FAR && !isCertain)) return undefined;
  const evidence = `SSIM ${ssim.toFixed(3)}, XPSNR ${xpsnr.toFixed(1)} dB, usual here SSIM ${level.toFixed(3)}`;
  return { kind: 'unlike', strength: 1 - ssim, evidence, certain: isCertain };
};

/** A frame that stands still or is another one differs in many places, also in green ones: so that is asked before. */
const inOrder: readonly Detector[] = [
  ...[greenFrom(0.5), black, frozen, shifted],
  ...[greenFrom(0.02), colour, tile, unlike],
];

/**
 * What is wrong with a frame.
 * @param level similarity that is usual in its segment
 */
export function findingOf(seen: Seen, level: number): Finding | undefined {
  for (const detector of inOrder) {
    const finding = detector(seen, level);
    if (finding) return finding;
  }
  return undefined;
}
