/** What every group of figures is given, and what it gives back. */
import type { Tools } from '../src/domain/tools.js';

export interface Bench {
  readonly tools: Tools;
  /** A folder for everything; it goes at the end. */
  readonly folder: string;
  /** Ctrl-C: whatever runs is ended. */
  readonly signal: AbortSignal;
  /** Says what is being measured. */
  readonly say: (line: string) => void;
}

/** A line of the table; all of it is text. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** What the figure should be at most or at least, where there is a goal. */
  readonly goal?: string;
}

export type Group = (bench: Bench) => Promise<readonly Row[]>;

/** Rounds of a ratio: its median counts. */
export const ROUNDS = 3;

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Seconds that an act takes. */
export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
}

const digits = (value: number): number => (value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);

export const seconds = (value: number): string => `${value.toFixed(digits(value))} s`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(digits(bytes / 1e6))} MB`;
export const ratio = (values: readonly number[]): string =>
  `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
