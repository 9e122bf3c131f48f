/** All seasons of this computer. */
import type { Look } from '../context.js';
import type { SeasonState } from '../../workflows/messages.js';
import { moment } from './figures.js';
import { table, type Column } from './table.js';

export interface ListedSeason {
  readonly season: string;
  readonly title: string;
  readonly folder: string;
  readonly out: string;
  /** `unknown` where Temporal does not answer and the records do not tell. */
  readonly state: SeasonState | 'unknown';
  readonly episodes: number;
  readonly done: number;
  readonly submittedAt: number;
}

const columns: readonly Column<ListedSeason>[] = [
  { title: 'Season', text: (s) => s.season, least: 12 },
  { title: 'State', text: (s) => s.state },
  { title: 'Done', text: (s) => `${s.done}/${s.episodes}`, align: 'right' },
  { title: 'Submitted', text: (s) => moment(s.submittedAt), drop: 2 },
  { title: 'Results', text: (s) => s.out, least: 20, drop: 1 },
];

export function listView(seasons: readonly ListedSeason[], look: Look): string {
  if (seasons.length === 0) return 'There is no season yet. Start one with: taaf submit <folder>';
  return (table(columns, seasons, look) ?? seasons.map((s) => `${s.season} ${s.state} ${s.done}/${s.episodes}`)).join(
    '\n',
  );
}
