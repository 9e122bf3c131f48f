/** A season's progress as text: one line per episode, the total, what needs the laptop, what failed. */
import type { EpisodePhase } from '../../domain/season.js';
import type { Format, Look } from '../context.js';
import {
  framesDone,
  framesOf,
  totalsOf,
  type EpisodeStatus,
  type SeasonStatus,
  type Totals,
} from '../season-status.js';
import { bar, count, length, percent } from './figures.js';
import { seasonWarnings } from './proof.js';
import { table, type Column } from './table.js';
import { printable, shorten, widthOf, wrap } from './text.js';

const colours: Readonly<Partial<Record<EpisodePhase, Format>>> = {
  rendering: 'cyan',
  assembling: 'cyan',
  done: 'green',
  failed: 'red',
  cancelled: 'dim',
  queued: 'dim',
};

/** Order in which episodes get a line where there are more than lines: what moves, what failed, what comes next, what is over. */
const urgency: Readonly<Record<EpisodePhase, number>> = {
  rendering: 0,
  assembling: 0,
  uploading: 1,
  failed: 2,
  waiting: 3,
  queued: 4,
  done: 5,
  cancelled: 5,
};

const BAR = 16;

const columns: readonly Column<EpisodeStatus>[] = [
  { title: 'Episode', text: (e) => e.stem, least: 12 },
  { title: 'Phase', text: phaseOf, format: (e) => colours[e.phase] },
  { title: 'Progress', text: (e) => bar(framesDone(e), framesOf(e), BAR), drop: 2 },
  { title: '', text: (e) => percent(framesDone(e), framesOf(e)), align: 'right' },
  {
    title: 'fps',
    text: (e) => (e.progress && e.progress.rate > 0 ? e.progress.rate.toFixed(1) : ''),
    align: 'right',
    drop: 3,
  },
  { title: 'Left', text: leftOf, align: 'right', drop: 4 },
  { title: 'Machine', text: (e) => e.progress?.machines.join(' ') ?? '', drop: 1 },
];

/** @param rows lines of the screen; without it every episode gets its line */
export function seasonView(status: SeasonStatus, look: Look, rows = Infinity): string {
  const totals = totalsOf(status);
  const head = [...headLines(status, totals, look), ...totalLines(totals, look)];
  const warnings = [...untoldLines(status, look), ...warningLines(status, look)];
  const foot = [...failureLines(status, look), ...warnings, '', ...closingLines(status, look)];
  // The table's header and the line that counts the hidden ones take two more.
  const room = Math.max(3, rows - head.length - foot.length - 3);
  const shown = mostUrgent(status.episodes, room);
  const hidden = status.episodes.length - shown.length;
  return [
    ...head,
    '',
    ...(table(columns, shown, look) ?? shown.map((e) => shorten(`${printable(e.stem)} ${phaseOf(e)}`, look.columns))),
    ...(hidden > 0 ? [look.paint('dim', `… and ${count(hidden, 'more episode')}`)] : []),
    ...foot,
  ].join('\n');
}

function mostUrgent(episodes: readonly EpisodeStatus[], room: number): readonly EpisodeStatus[] {
  if (episodes.length <= room) return episodes;
  return [...episodes]
    .sort((a, b) => urgency[a.phase] - urgency[b.phase] || a.number - b.number)
    .slice(0, room)
    .sort((a, b) => a.number - b.number);
}

function headLines(status: SeasonStatus, totals: Totals, look: Look): string[] {
  const title = shorten(printable(status.title), look.columns);
  const facts = `${status.state}  ${totals.byPhase.done ?? 0} of ${count(status.episodes.length, 'episode')} done`;
  const painted = look.paint('bold', title);
  return widthOf(title) + 2 + facts.length > look.columns
    ? [painted, ...wrap(facts, look.columns)]
    : [`${painted}  ${facts}`];
}

function totalLines(totals: Totals, look: Look): string[] {
  const left = totals.etaSeconds === undefined ? '' : `  ${length(totals.etaSeconds)} left`;
  const rate = totals.rate > 0 ? `  ${totals.rate.toFixed(1)} fps` : '';
  const facts = `${percent(totals.frames, totals.total)}${rate}${left}`;
  const width = Math.min(40, look.columns - facts.length - 2);
  return width < 8 ? wrap(facts, look.columns) : [`${bar(totals.frames, totals.total, width)}  ${facts}`];
}

function phaseOf(episode: EpisodeStatus): string {
  const phase = episode.phase === 'rendering' && episode.progress?.restoring ? 'restoring' : episode.phase;
  return episode.retrying ? `${phase}, again` : phase;
}

function leftOf({ progress }: EpisodeStatus): string {
  return progress?.etaSeconds === undefined ? '' : length(progress.etaSeconds);
}

const MOST_FAILURES = 5;

function failureLines(status: SeasonStatus, look: Look): string[] {
  const failed = status.episodes.filter((episode) => episode.failure);
  if (failed.length === 0) return [];
  const lines = failed
    .slice(0, MOST_FAILURES)
    .flatMap(({ stem, failure }) =>
      failure === undefined
        ? []
        : wrap(`${printable(stem)}: ${failure.kind}: ${printable(failure.what)}`, look.columns, '  '),
    );
  const more = failed.length - MOST_FAILURES;
  return ['', ...lines.map((line) => look.paint('red', line)), ...(more > 0 ? [`… and ${more} more failed`] : [])];
}

function untoldLines({ untold }: SeasonStatus, look: Look): string[] {
  return untold
    .flatMap(({ what, evidence }) =>
      wrap(`Not told: ${printable(evidence === undefined ? what : `${what}: ${evidence}`)}`, look.columns, '  '),
    )
    .map((line) => look.paint('yellow', line));
}

function warningLines(status: SeasonStatus, look: Look): string[] {
  const lines = seasonWarnings(status).flatMap((text) => wrap(`Warning: ${printable(text)}`, look.columns, '  '));
  return lines.length === 0 ? [] : ['', ...lines.map((line) => look.paint('yellow', line))];
}

function closingLines(status: SeasonStatus, look: Look): string[] {
  return closing(status).flatMap((line) => wrap(printable(line), look.columns, '  '));
}

/** What a season waits for, or where its results are. */
export function closing(status: SeasonStatus): string[] {
  if (status.source === 'records')
    return ['No worker answers: this is what this computer remembers.', 'Go on with: taaf up'];
  switch (status.state) {
    case 'done':
      return status.samplesOf === undefined
        ? [`Results: ${status.out}`]
        : [`Samples: ${status.out}. They wait for you: look at them, then taaf approve ${status.season}`];
    case 'cancelled':
      return [`Cancelled. What was finished is in ${status.out}`];
    case 'attention':
      return ['Waits for you: taaf why <episode>, then taaf retry <episode>'];
    case 'approval':
      return ['The pilot waits for you: look at its result, then taaf approve, or taaf cancel'];
    case 'closing':
      return ['All is settled; what was needed for it is being removed.'];
    case 'cancelling':
      return ['Being cancelled: what is finished is brought home first.'];
    case 'paused':
      return ['Paused: running segments are finished. Go on with: taaf resume'];
    case 'running':
      return [safeToClose(status)];
  }
}

/** Every local agent runs on this very computer: it may be closed, but then it does not render. */
function safeToClose(status: SeasonStatus): string {
  if (!status.safeToClose) return 'Keep this computer on: sources are still being handed over.';
  return status.fleet === 'local'
    ? 'Safe to close this terminal: rendering goes on in the background, also after sleep.'
    : 'Safe to close this computer.';
}
