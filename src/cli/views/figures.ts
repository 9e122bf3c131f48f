/** Numbers as people read them: durations, bytes, shares, bars. */
import prettyBytes from 'pretty-bytes';
import prettyMs from 'pretty-ms';

/** A duration in seconds, two units at most: `3h 20m`. */
export const length = (seconds: number): string =>
  prettyMs(Math.max(0, Math.round(seconds)) * 1000, { unitCount: 2, secondsDecimalDigits: 0 });

/** A position or running time as on a player: `45:12`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const bytes = (count: number): string => prettyBytes(count);

/** An average rate: `38.2 Mbit/s`. */
export const bitRate = (count: number, seconds: number): string =>
  prettyBytes(seconds > 0 ? (8 * count) / seconds : 0, { bits: true }).replace(/b(it)?$/, 'bit/s');

/** A share, never rounded up to 100 %. */
export const percent = (part: number, whole: number): string =>
  `${whole > 0 ? Math.min(100, Math.floor((part / whole) * 100)) : 0}%`;

export function bar(part: number, whole: number, width: number): string {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  const full = Math.floor(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** `1 episode`, `2 episodes`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** A day and time in full: `25 November 2026, 14:05`. */
export const date = (ms: number): string =>
  new Date(ms).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' }).replace(' at ', ', ');

/** A moment in local time, short: `Tue 14:05`. */
export const moment = (ms: number): string =>
  new Date(ms).toLocaleString('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** A picture's size: `720×480`. */
export const size = ({ width, height }: { readonly width: number; readonly height: number }): string =>
  `${width}×${height}`;
