/** What can be seen of a frame in the cells of both pictures, as numbers. Pure. */
import type { Cells, FrameCells, Grid } from './cells.js';

/** A number of the restored picture, and the same of the rendered one. */
export interface Both {
  readonly restored: number;
  readonly rendered: number;
}

export interface Look {
  /** Mean luma in code values, 16 to 235. */
  readonly brightness: Both;
  /** Share of the cells that are black. */
  readonly black: Both;
  /** Share of the cells that are green in the rendered picture only. */
  readonly green: number;
  /** Share of the cells whose brightness changes from the frame before. */
  readonly moving: Both;
  /** Mean distance, where the restored picture moves, of the rendered frame from the restored one and from the nearer of its neighbours. */
  readonly distance: { readonly own: number; readonly neighbour: number };
  /** Mean distance of the cells' brightness, and of their colours; how colourful the restored picture is. All in code values. */
  readonly luma: number;
  readonly colour: number;
  readonly saturation: number;
  /** Mean distance of the colours from the restored ones with red and blue in each other's place. */
  readonly exchanged: number;
  /** Most cells within a square of three by three that are out of line with all others. */
  readonly odd: number;
  /** Mean change of the restored picture's brightness from the frame before, in per cent of all code values. */
  readonly change: number;
}

/** A cell is black up to here; 16 is the black of video. */
const BLACK = 24;
/** Both chroma values of a green cell are lower; grass stays above 95, and what a decoder leaves empty is 0. */
const GREEN = 80;
/** The restored cell is as green, if it is not so much farther from green. */
const GREENER = 20;
/** A cell moves from so many code values on: strong grain, which a model takes away, changes a cell's mean by 2. */
const MOVES = 8;
/** A picture moves where at least this share of its cells does: fewer are dust, which a model takes away too. */
export const MOVING = 0.01;
/** Means of a cell that differ so much in brightness or colour are no matter of sharpness. */
const ODD_LUMA = 24;
const ODD_CHROMA = 20;
/** Pixels that differ so much in the mean of a cell, and so many times as much as in most other cells. */
const ODD_APART = 48;
const OUT_OF_LINE = 8;

/** Takes frames in order; each is seen when its successor is known. */
export function looker(grid: Grid): { take(frame: FrameCells): void; end(): Look[] } {
  const looks: Look[] = [];
  let before: FrameCells | undefined;
  let now: FrameCells | undefined;
  const see = (after: FrameCells | undefined): void => {
    if (now) looks.push(look(grid, before ?? now, now, after ?? now));
  };
  return {
    take(frame) {
      see(frame);
      [before, now] = [now, frame];
    },
    end() {
      see(undefined);
      return looks;
    },
  };
}

function look({ columns, rows }: Grid, before: FrameCells, now: FrameCells, after: FrameCells): Look {
  const count = columns * rows;
  const { restored, rendered } = now;
  return {
    brightness: { restored: mean(restored.luma), rendered: mean(rendered.luma) },
    black: { restored: shareBlack(restored.luma), rendered: shareBlack(rendered.luma) },
    green: greenCells(restored, rendered) / count,
    moving: {
      restored: movingCells(before.restored.luma, restored.luma) / count,
      rendered: movingCells(before.rendered.luma, rendered.luma) / count,
    },
    distance: distances(before, now, after),
    luma: apart(restored.luma, rendered.luma),
    colour: (apart(restored.u, rendered.u) + apart(restored.v, rendered.v)) / 2,
    saturation: (fromGrey(restored.u) + fromGrey(restored.v)) / 2,
    exchanged: (apart(restored.u, rendered.v) + apart(restored.v, rendered.u)) / 2,
    odd: cluster(oddCells(now), columns),
    change: (apart(before.restored.luma, restored.luma) / 255) * 100,
  };
}

type Plane = Uint8Array;

const mean = (plane: Plane): number => sum(plane.length, (i) => plane[i] ?? 0) / plane.length;
const fromGrey = (plane: Plane): number => sum(plane.length, (i) => Math.abs((plane[i] ?? 0) - 128)) / plane.length;
const at = (a: Plane, b: Plane, i: number): number => Math.abs((a[i] ?? 0) - (b[i] ?? 0));
const apart = (a: Plane, b: Plane): number => sum(a.length, (i) => at(a, b, i)) / a.length;
const shareBlack = (luma: Plane): number => sum(luma.length, (i) => ((luma[i] ?? 0) <= BLACK ? 1 : 0)) / luma.length;
const movingCells = (a: Plane, b: Plane): number => sum(a.length, (i) => (at(a, b, i) >= MOVES ? 1 : 0));

function sum(count: number, of: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += of(i);
  return total;
}

/** How green a cell is: the greater of its chroma values, so less is greener. */
const greenness = ({ u, v }: Cells, i: number): number => Math.max(u[i] ?? 0, v[i] ?? 0);

const greenCells = (restored: Cells, rendered: Cells): number =>
  sum(rendered.u.length, (i) => {
    const green = greenness(rendered, i);
    return green < GREEN && greenness(restored, i) > green + GREENER ? 1 : 0;
  });

/** Over the cells in which a neighbour differs from the restored frame, for each neighbour; the one that the frame is nearer to counts. */
function distances(before: FrameCells, { restored, rendered }: FrameCells, after: FrameCells): Look['distance'] {
  const to = (other: Plane): Look['distance'] => {
    let [own, neighbour, count] = [0, 0, 0];
    for (let i = 0; i < other.length; i++) {
      if (at(restored.luma, other, i) < MOVES) continue;
      own += at(rendered.luma, restored.luma, i);
      neighbour += at(rendered.luma, other, i);
      count += 1;
    }
    return count < other.length * MOVING
      ? { own: 0, neighbour: 0 }
      : { own: own / count, neighbour: neighbour / count };
  };
  const [back, forth] = [to(before.restored.luma), to(after.restored.luma)];
  return back.neighbour - back.own < forth.neighbour - forth.own ? back : forth;
}

/** Cells whose means, or whose pixels, differ as those of no other do. */
function oddCells({ restored, rendered, apart: pixels }: FrameCells): Set<number> {
  const most = Math.max(ODD_APART, OUT_OF_LINE * high(pixels));
  const odd = new Set<number>();
  for (let i = 0; i < pixels.length; i++) {
    const chroma = Math.max(at(restored.u, rendered.u, i), at(restored.v, rendered.v, i));
    const luma = at(restored.luma, rendered.luma, i);
    if (luma >= ODD_LUMA || chroma >= ODD_CHROMA || (pixels[i] ?? 0) >= most) odd.add(i);
  }
  return odd;
}

const NEAR: readonly number[] = [-1, 0, 1];

/** Most of these cells that lie together, within three rows and columns. */
function cluster(cells: ReadonlySet<number>, columns: number): number {
  const isThere = (cell: number, down: number, across: number): boolean => {
    const column = (cell % columns) + across;
    return column >= 0 && column < columns && cells.has(cell + down * columns + across);
  };
  const around = (cell: number): number =>
    NEAR.flatMap((down) => NEAR.filter((across) => isThere(cell, down, across))).length;
  let most = 0;
  for (const cell of cells) most = Math.max(most, around(cell));
  return most;
}

/** The value that nine of ten cells do not exceed. */
function high(plane: Plane): number {
  const counts = new Uint32Array(256);
  for (const value of plane) counts[value] = (counts[value] ?? 0) + 1;
  let left = plane.length * 0.9;
  for (let value = 0; value < 256; value++) {
    left -= counts[value] ?? 0;
    if (left <= 0) return value;
  }
  return 255;
}
