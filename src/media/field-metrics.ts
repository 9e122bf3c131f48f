/**
 * What two neighbouring frames say about their fields, block by block: how combed the frame is as it is coded, how combed with a field of the
 * frame before it, and how much each field has moved. Pure arithmetic over small grey frames of full height, so that no line is lost.
 */

/** Blocks across and down; a picture of 480 lines has 60 lines in each. */
export const COLUMNS = 8;
export const ROWS = 8;
export const BLOCKS = COLUMNS * ROWS;

/** Columns that pictures are narrowed to: averaging them takes grain away and leaves the lines as they are. */
export const WIDTH = 64;

/** Numbers of a block, in this order, each 0 to 255. */
export const metric = {
  /** Share of combed pixels in the frame as it is coded, in 255ths. */
  asCoded: 0,
  /** The same with the bottom field of the frame before, and with its top field. */
  withEarlierBottom: 1,
  withEarlierTop: 2,
  /** Mean difference of the field from that of the frame before, in quarters of a code value. */
  topMoved: 3,
  bottomMoved: 4,
} as const;
export const METRICS = Object.keys(metric).length;
export const METRICS_OF_FRAME = BLOCKS * METRICS;

/** A line that differs from both its neighbours, in the same direction, by more than this many code values is combed. */
const COMB = 9;
const QUARTERS = 4;

/**
 * Measures one frame against the one before it.
 * @param height lines of the pictures; both have `WIDTH` columns of one byte
 * @param into where the frame's numbers go, `METRICS_OF_FRAME` of them from `at` on
 */
export function measureFields(before: Uint8Array, now: Uint8Array, height: number, into: Uint8Array, at: number): void {
  const lines = Math.floor(height / ROWS);
  const columns = WIDTH / COLUMNS;
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const block = { x: column * columns, y: row * lines, columns, lines: Math.min(lines, height - 1 - row * lines) };
      measureBlock(before, now, block, into, at + (row * COLUMNS + column) * METRICS);
    }
  }
}

interface Block {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly lines: number;
}

function measureBlock(before: Uint8Array, now: Uint8Array, block: Block, into: Uint8Array, at: number): void {
  let [coded, withBottom, withTop, top, bottom, pixels] = [0, 0, 0, 0, 0, 0];
  // The first line of a block belongs to the top field, whatever its number of lines.
  const start = block.y + (block.y % 2);
  for (let y = start + 1; y < block.y + block.lines; y += 2) {
    const line = y * WIDTH + block.x;
    for (let i = line; i < line + block.columns; i++, pixels++) {
      const [above, here, below] = [now[i - WIDTH] ?? 0, now[i] ?? 0, now[i + WIDTH] ?? 0];
      const [earlierAbove, earlier, earlierBelow] = [before[i - WIDTH] ?? 0, before[i] ?? 0, before[i + WIDTH] ?? 0];
      if (isCombed(above, here, below)) coded++;
      if (isCombed(above, earlier, below)) withBottom++;
      if (isCombed(earlierAbove, here, earlierBelow)) withTop++;
      top += Math.abs(above - earlierAbove);
      bottom += Math.abs(here - earlier);
    }
  }
  const share = (count: number): number => Math.round((255 * count) / Math.max(1, pixels));
  const moved = (sum: number): number => Math.min(255, Math.round((QUARTERS * sum) / Math.max(1, pixels)));
  into[at + metric.asCoded] = share(coded);
  into[at + metric.withEarlierBottom] = share(withBottom);
  into[at + metric.withEarlierTop] = share(withTop);
  into[at + metric.topMoved] = moved(top);
  into[at + metric.bottomMoved] = moved(bottom);
}

function isCombed(above: number, here: number, below: number): boolean {
  const [up, down] = [above - here, below - here];
  return (up > COMB && down > COMB) || (up < -COMB && down < -COMB);
}
