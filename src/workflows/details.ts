/** A season as a table in Markdown, for Temporal's Web UI: it is understood there without TAAF. Pure. */
import type { EpisodeView, SeasonView } from './messages.js';

/** The Web UI takes 20 kB; a row has at most a quarter of one. */
const MOST_ROWS = 60;
const LONGEST_CELL = 80;

/** What moves and what failed goes before what waits, and that before what is over. */
const rank = ({ phase }: EpisodeView): number => {
  if (phase === 'done' || phase === 'cancelled') return 2;
  return phase === 'queued' ? 1 : 0;
};

export function detailsOf(view: SeasonView): string {
  const { episodes, machines, out } = view;
  const done = episodes.filter(({ phase }) => phase === 'done').length;
  const shown = [...episodes].sort((a, b) => rank(a) - rank(b) || a.number - b.number).slice(0, MOST_ROWS);
  const more = episodes.length - shown.length;
  return [
    `**${view.state}**: ${done} of ${episodes.length} episodes done. Results: ${cell(out)}`,
    '',
    '| # | Episode | Phase | |',
    '| --- | --- | --- | --- |',
    ...shown.sort((a, b) => a.number - b.number).map(row),
    ...(more > 0 ? ['', `… and ${more} more`] : []),
    '',
    ...machines.map(({ id, step }) => `- machine ${id}: ${step}`),
  ].join('\n');
}

const row = ({ number, stem, phase, failure }: EpisodeView): string =>
  `| ${number} | ${cell(stem)} | ${phase} | ${failure ? cell(`${failure.kind}: ${failure.what}`) : ''} |`;

/** Text that cannot break out of its cell, nor be anything but text: names come from anywhere. */
const cell = (text: string): string =>
  text
    .slice(0, LONGEST_CELL)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, (mark) => `\\${mark}`);
