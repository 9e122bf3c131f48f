/** Reads what ffmpeg's filters print of every compared frame. */

/** How like its origin a frame is. */
export interface Score {
  /** 0 to 1. */
  readonly ssim: number;
  /** In dB, at most `EQUAL`. */
  readonly xpsnr: number;
}

/** XPSNR of two equal pictures, which ffmpeg calls infinite. */
const EQUAL = 100;

/** A reader of the metadata filter's lines; it calls `onScore` after every frame. Both values are those of the brightness. */
export function scoreReader(onScore: () => void): {
  readonly scores: readonly Score[];
  line(this: void, text: string): void;
} {
  const scores: Score[] = [];
  let ssim = Number.NaN;
  return {
    scores,
    line(text) {
      const [name, value = ''] = text.split('=');
      if (name === 'lavfi.ssim.Y') ssim = Number(value);
      // It is printed last of a frame.
      if (name !== 'lavfi.xpsnr.xpsnr.y') return;
      scores.push({ ssim, xpsnr: decibels(value) });
      onScore();
    },
  };
}

const decibels = (text: string): number => (text === 'inf' ? EQUAL : Math.min(EQUAL, Number(text)));
