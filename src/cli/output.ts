/** What a command tells while it works: one type with two renderings, so that `--json` is no second code path. */
import type { FailureFact } from '../domain/failures.js';
import type { EpisodePhase } from '../domain/season.js';
import type { SeasonState } from '../workflows/messages.js';
import type { Look } from './context.js';
import { length, percent } from './views/figures.js';
import { printable } from './views/text.js';

export type Event =
  /** What is about to be done or has been done. */
  | { readonly kind: 'note'; readonly text: string }
  /** Something that the user should know although the command goes on. */
  | { readonly kind: 'warning'; readonly text: string }
  /** A step of a long preparation. */
  | { readonly kind: 'step'; readonly text: string }
  | { readonly kind: 'phase'; readonly episode: string; readonly phase: EpisodePhase }
  | {
      readonly kind: 'progress';
      readonly episode: string;
      readonly frames: number;
      readonly total: number;
      readonly rate: number;
      readonly etaSeconds?: number;
    }
  | { readonly kind: 'failed'; readonly episode: string; readonly failure: FailureFact }
  | { readonly kind: 'delivered'; readonly episode: string; readonly output: string }
  | { readonly kind: 'season'; readonly season: string; readonly state: SeasonState; readonly safeToClose: boolean }
  | { readonly kind: 'log'; readonly machine: string; readonly time: string; readonly text: string };

type Kind = Event['kind'];
type Phrases = { readonly [K in Kind]: (event: Extract<Event, { kind: K }>, look: Look) => string };

const phrases: Phrases = {
  note: (e) => printable(e.text),
  warning: (e, look) => `${look.paint('yellow', 'Warning:')} ${printable(e.text)}`,
  step: (e, look) => look.paint('dim', printable(e.text)),
  phase: (e) => `${printable(e.episode)}: ${e.phase}`,
  progress: (e) =>
    `${printable(e.episode)}: ${percent(e.frames, e.total)} (${e.frames} of ${e.total} frames, ${e.rate.toFixed(1)} fps${
      e.etaSeconds === undefined ? '' : `, ${length(e.etaSeconds)} left`
    })`,
  failed: (e, look) =>
    `${printable(e.episode)}: ${look.paint('red', 'failed')} (${e.failure.kind}): ${printable(e.failure.what)}`,
  delivered: (e, look) => `${printable(e.episode)}: ${look.paint('green', 'done')}: ${printable(e.output)}`,
  season: (e) => `${e.season}: ${e.state}${e.safeToClose ? ', safe to close' : ''}`,
  log: (e, look) => `${look.paint('dim', `${e.time} ${e.machine}`)} ${printable(e.text)}`,
};

/** One line for people. */
export function textOf(event: Event, look: Look): string {
  // The table's type pairs every kind with its own phrase; an index cannot tell the compiler so.
  const phrase = phrases[event.kind] as (event: Event, look: Look) => string;
  return phrase(event, look);
}

/** One line for programs. */
export const jsonOf = (event: Event): string => JSON.stringify(event);
