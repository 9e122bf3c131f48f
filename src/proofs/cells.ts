/** Both pictures as grids of cells, eight pixels of the restored picture wide and high: small enough to look at every frame here. */
import { open } from 'node:fs/promises';

/** Pixels of the restored picture along a cell's side. */
const CELL = 8;

export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Mean of every cell, in 8-bit code values, row by row. */
export interface Cells {
  readonly luma: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

/** One frame of both pictures. */
export interface FrameCells {
  readonly restored: Cells;
  readonly rendered: Cells;
  /** Mean difference of the brightness of the pixels in every cell: it also sees what leaves a cell's mean as it was. */
  readonly apart: Uint8Array;
}

/** @param size of the restored picture in pixels */
export const gridOf = ({ width, height }: { readonly width: number; readonly height: number }): Grid => ({
  columns: Math.max(1, Math.round(width / CELL)),
  rows: Math.max(1, Math.round(height / CELL)),
});

/** Reads the raw frames that the comparison writes: three grids of YUV 4:4:4 on top of one another. */
export async function* readCells(file: string, grid: Grid): AsyncGenerator<FrameCells> {
  const count = grid.columns * grid.rows;
  const bytes = count * 9;
  const handle = await open(file);
  try {
    for (;;) {
      const frame = new Uint8Array(bytes);
      const { bytesRead } = await handle.read(frame, 0, bytes);
      if (bytesRead < bytes) return;
      const part = (plane: number, place: number) => {
        const from = (plane * 3 + place) * count;
        return frame.subarray(from, from + count);
      };
      const cells = (place: number): Cells => ({ luma: part(0, place), u: part(1, place), v: part(2, place) });
      yield { restored: cells(0), rendered: cells(1), apart: part(0, 2) };
    }
  } finally {
    await handle.close();
  }
}
