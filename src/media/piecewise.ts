/**
 * Expressions of ffmpeg that are one thing here and another there. They halve their way to the piece: the parser allows a depth of 100, so a
 * flat chain of thousands would not do.
 */
export interface Piece {
  /** The value of the variable from which on this piece holds; the first one holds before it, too. */
  readonly from: number;
  readonly text: string;
}

/** @param variable what is compared: `n`, or `ld(0)` where a number was stored */
export function piecewise(variable: string, pieces: readonly Piece[]): string {
  const [first] = pieces;
  if (first === undefined) return '0';
  if (pieces.length === 1) return first.text;
  const middle = pieces.length >> 1;
  const [low, high] = [pieces.slice(0, middle), pieces.slice(middle)];
  return `if(lt(${variable},${high[0]?.from ?? 0}),${piecewise(variable, low)},${piecewise(variable, high)})`;
}
