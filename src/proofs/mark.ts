/** Looks for a watermark: something that stands still on the rendered picture while the restored one moves beneath it. Pure. */
import type { FrameCells, Grid } from './cells.js';

export interface Mark {
  /** Cells that it covers, and by how many code values it changes them in the mean. */
  readonly cells: number;
  readonly strength: number;
  /** Where it is: `top left`, `bottom right`, `middle`… */
  readonly place: string;
}

/** Fewer frames say nothing about what stands still. */
const LEAST_FRAMES = 24;
/** A difference in code values from which it counts: a model that takes strong noise off a still picture gets to 6. */
const STRONG = 8;
/** The difference has to be so many times as great as its own swing: what shines through a mark makes it swing. */
const STEADY = 1;
/** A restored cell moves if its brightness swings by so many code values; some have to: of a still picture nobody can tell. */
const MOVES = 8;
const LEAST_MOVING = 2;
/** Fewer cells are no mark; more than half of the picture is another colour. */
const LEAST_CELLS = 4;
const MOST_SHARE = 0.5;

export function markWatch({ columns, rows }: Grid): { take(frame: FrameCells): void; found(): Mark | undefined } {
  const cells = columns * rows;
  const difference = swings(cells);
  const picture = swings(cells);
  return {
    take({ restored, rendered }) {
      difference.take((i) => (rendered.luma[i] ?? 0) - (restored.luma[i] ?? 0));
      picture.take((i) => restored.luma[i] ?? 0);
    },
    found() {
      if (difference.frames() < LEAST_FRAMES) return undefined;
      const covered = Array.from({ length: cells }, (_, i) => i).filter((i) => {
        const { mean, swing } = difference.of(i);
        return Math.abs(mean) >= STRONG && Math.abs(mean) >= STEADY * swing;
      });
      const moving = covered.filter((i) => picture.of(i).swing >= MOVES);
      if (covered.length < LEAST_CELLS || moving.length < LEAST_MOVING) return undefined;
      if (covered.length > cells * MOST_SHARE) return undefined;
      const mean = (of: (i: number) => number) => covered.reduce((sum, i) => sum + of(i), 0) / covered.length;
      return {
        cells: covered.length,
        strength: mean((i) => Math.abs(difference.of(i).mean)),
        place: placeOf(mean((i) => (i % columns) + 0.5) / columns, mean((i) => Math.floor(i / columns) + 0.5) / rows),
      };
    },
  };
}

/** Mean and standard deviation of one number for each cell over all frames. */
function swings(cells: number) {
  const sums = new Float64Array(cells);
  const squares = new Float64Array(cells);
  let frames = 0;
  return {
    frames: () => frames,
    take(valueOf: (i: number) => number) {
      for (let i = 0; i < cells; i++) {
        const value = valueOf(i);
        sums[i] = (sums[i] ?? 0) + value;
        squares[i] = (squares[i] ?? 0) + value * value;
      }
      frames += 1;
    },
    of(i: number) {
      const mean = (sums[i] ?? 0) / frames;
      return { mean, swing: Math.sqrt(Math.max(0, (squares[i] ?? 0) / frames - mean * mean)) };
    },
  };
}

/** @param x, y centre as shares of the picture's width and height */
function placeOf(x: number, y: number): string {
  const third = (share: number, low: string, high: string) => (share < 1 / 3 ? low : share > 2 / 3 ? high : '');
  const words = [third(y, 'top', 'bottom'), third(x, 'left', 'right')].filter((word) => word !== '');
  return words.length === 0 ? 'middle' : words.join(' ');
}
