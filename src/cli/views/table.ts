/** A table that fits: the flexible column is cut first, then columns that may go are left out. */
import type { Format, Look } from '../context.js';
import { pad, printable, shorten, widthOf } from './text.js';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly format?: (row: Row) => Format | undefined;
  readonly align?: 'right';
  /** Left out where space is short, the lowest number first; a column without it stays. */
  readonly drop?: number;
  /** May be cut to this many columns. */
  readonly least?: number;
}

const GAP = 2;

/** The table's lines, header first; `undefined` where even its narrowest form is too wide. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): string[] | undefined {
  const texts = new Map(columns.map((column) => [column, rows.map((row) => printable(column.text(row)))]));
  const natural = new Map(
    columns.map((column) => [column, Math.max(widthOf(column.title), ...(texts.get(column) ?? []).map(widthOf))]),
  );
  const fitted = fit(columns, natural, look.columns);
  if (fitted === undefined) return undefined;
  const line = (cells: readonly string[]): string => cells.join(' '.repeat(GAP)).trimEnd();
  const cell = (column: Column<Row>, width: number, text: string): string =>
    pad(shorten(text, width), width, column.align);
  const header = line([...fitted].map(([column, width]) => cell(column, width, column.title)));
  return [
    look.paint('dim', header),
    ...rows.map((row, i) =>
      line(
        [...fitted].map(([column, width]) => {
          const format = column.format?.(row);
          const text = cell(column, width, texts.get(column)?.[i] ?? '');
          return format === undefined ? text : look.paint(format, text);
        }),
      ),
    ),
  ];
}

/** The columns that stay, each with its width. */
function fit<Row>(
  columns: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  available: number,
): Map<Column<Row>, number> | undefined {
  const kept = new Map(columns.map((column) => [column, natural.get(column) ?? 0]));
  for (;;) {
    const total = [...kept.values()].reduce((sum, width) => sum + width, GAP * (kept.size - 1));
    if (total <= available) return kept;
    const flexible = [...kept].find(([column, width]) => column.least !== undefined && width > column.least);
    if (flexible) {
      const [column, width] = flexible;
      kept.set(column, Math.max(column.least ?? 0, width - (total - available)));
      continue;
    }
    const [dropped] = [...kept.keys()]
      .filter((column) => column.drop !== undefined)
      .sort((a, b) => (a.drop ?? 0) - (b.drop ?? 0));
    if (dropped === undefined) return undefined;
    kept.delete(dropped);
    for (const column of kept.keys()) if (column.least !== undefined) kept.set(column, natural.get(column) ?? 0);
  }
}
