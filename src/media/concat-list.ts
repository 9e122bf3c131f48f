/** The list that ffmpeg's concat demuxer reads: which files follow each other, and how long each lasts. */
import { secondsOf } from '../domain/media.js';

export interface ConcatEntry {
  /** Absolute path. */
  readonly file: string;
  readonly ticks: number;
}

/** A text as one token of ffmpeg's own quoting: a quote ends the quoted part, stands escaped, and opens the next. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Matroska states a segment's length in whole milliseconds, and the sum of their errors drifts (179 ms over 180 segments, measured):
 * so every length is given in microseconds.
 */
export function concatList(entries: readonly ConcatEntry[]): string {
  const lines = entries.flatMap(({ file, ticks }) => [
    `file ${quoted(`file:${file}`)}`,
    `duration ${secondsOf(ticks).toFixed(6)}`,
  ]);
  return ['ffconcat version 1.0', ...lines, ''].join('\n');
}
