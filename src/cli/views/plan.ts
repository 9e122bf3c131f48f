/** The plan as text: what will be done, how long it takes, what it needs, and what is left out and why. */
import { posix } from 'node:path';
import type { EpisodePlan, SeasonPlan } from '../../domain/season.js';
import type { CostEstimate } from '../../intake/cloud.js';
import type { Alternative, EpisodeEstimate, SeasonEstimate } from '../../intake/estimate.js';
import type { Look } from '../context.js';
import { cadenceText, legend, strip } from './cadence.js';
import { bytes, clock, count, length, moment, size } from './figures.js';
import { table, type Column } from './table.js';
import { printable, wrap } from './text.js';

/** All that `taaf plan` says; printed as it is by `--json`. */
export interface PlanReport {
  readonly plan: SeasonPlan;
  readonly estimate: SeasonEstimate;
  /** What this run changes about results that lie there already. */
  readonly warnings: readonly string[];
  /** Why this profile, where the user named none. */
  readonly choice?: string;
  /** The quickest other profile. */
  readonly alternative?: Alternative;
  /** What it costs on machines that are leased. */
  readonly cost?: CostEstimate;
}

interface Row {
  readonly episode: EpisodePlan;
  readonly estimate: EpisodeEstimate;
}

/** What is mostly the same for the whole season is said once, above the table. */
const shared: readonly Column<Row>[] = [
  { title: 'Picture', text: ({ episode }) => size(episode.source.picture) },
  { title: 'Cadence', text: ({ episode }) => cadenceText(episode.cadence) },
  { title: 'Streams', text: ({ episode }) => streamsOf(episode) },
  { title: 'Target', text: ({ episode }) => `${size(episode.target)} ${episode.profile.encode.codec}` },
  { title: 'Profile', text: ({ episode }) => episode.profile.name },
];

const named: Column<Row> = { title: 'Becomes', text: ({ episode }) => resultName(episode), least: 10 };

/** Name of the result without its ending. */
const resultName = ({ output }: EpisodePlan): string => posix.basename(output, '.mkv');

const own: readonly Column<Row>[] = [
  { title: '#', text: ({ episode }) => String(episode.number), align: 'right' },
  { title: 'Episode', text: ({ episode }) => episode.stem, least: 10 },
  { title: 'Length', text: ({ episode }) => clock(episode.source.durationSeconds), align: 'right' },
];

const costs: readonly Column<Row>[] = [
  { title: 'Time', text: ({ estimate }) => length(estimate.seconds), align: 'right' },
  { title: 'Work disk', text: ({ estimate }) => bytes(estimate.workBytes), align: 'right' },
  { title: 'Result', text: ({ estimate }) => bytes(estimate.resultBytes), align: 'right' },
];

export function planView(report: PlanReport, look: Look): string {
  const { plan, estimate, choice } = report;
  const rows = plan.episodes.flatMap((episode, i): Row[] => {
    const one = estimate.episodes[i];
    return one ? [{ episode, estimate: one }] : [];
  });
  const seconds = plan.episodes.reduce((sum, { source }) => sum + source.durationSeconds, 0);
  return [
    ...wrap(
      `${printable(plan.title)}: ${count(rows.length, 'episode')}, ${length(seconds)} of video`,
      look.columns,
      '  ',
    ),
    ...(choice === undefined ? [] : wrap(`Profile: ${choice}`, look.columns, '  ')),
    ...wrap(`Results: ${printable(plan.out)}`, look.columns, '  '),
    ...episodeLines(rows, look),
    ...cadenceLines(rows, look),
    '',
    ...totalLines(report, look),
    ...warningLines(report, look),
    ...skippedLines(plan, look),
  ].join('\n');
}

function episodeLines(rows: readonly Row[], look: Look): string[] {
  const isSame = (column: Column<Row>): boolean => new Set(rows.map(column.text)).size === 1;
  const [first] = rows;
  const said = first && rows.length > 1 ? shared.filter(isSame).map((column) => column.text(first)) : [];
  const isRenamed = rows.some(({ episode }) => resultName(episode) !== episode.stem);
  const columns = [
    ...own,
    ...(isRenamed ? [named] : []),
    ...(rows.length > 1 ? shared.filter((column) => !isSame(column)) : shared),
    ...costs,
  ];
  const above = said.length === 0 ? [] : wrap(`All: ${said.join(' · ')}`, look.columns, '  ');
  return [...above, '', ...(table(columns, rows, look) ?? rows.flatMap((row) => card(columns, row, look)))];
}

const STRIP = 60;

/** The course of every episode that is film here and video there. */
function cadenceLines(rows: readonly Row[], look: Look): string[] {
  const hybrids = rows.filter(({ episode }) => new Set(episode.cadence.passages?.map(({ kind }) => kind)).size > 1);
  if (hybrids.length === 0) return [];
  const width = String(Math.max(...hybrids.map(({ episode }) => episode.number))).length;
  const room = Math.min(STRIP, look.columns - width - 2);
  return [
    '',
    ...hybrids.map(({ episode }) => {
      const number = String(episode.number).padStart(width);
      return `${number}  ${strip(episode.cadence.passages ?? [], room, look)}`;
    }),
    ...wrap(`${' '.repeat(width + 2)}${legend(look)}`, look.columns),
  ];
}

/** An episode on lines of its own, where a table is too wide. */
function card(columns: readonly Column<Row>[], row: Row, look: Look): string[] {
  const [number, name, ...facts] = columns.map((column) => ({ ...column, text: printable(column.text(row)) }));
  return [
    ...wrap(`${number?.text ?? ''} ${name?.text ?? ''}`, look.columns, '  '),
    ...wrap(`  ${facts.map(({ title, text }) => `${title.toLowerCase()} ${text}`).join(', ')}`, look.columns, '  '),
  ];
}

function totalLines({ plan, estimate, alternative, cost }: PlanReport, look: Look): string[] {
  const { seconds, finishAt, measured, limit, peakWorkBytes, resultBytes } = estimate;
  const basis = measured ? 'measured here' : 'a guess until `taaf submit` measures it';
  const isOther = alternative && !plan.episodes.every(({ profile }) => profile.name === alternative.profile);
  return [
    `Time: ${length(seconds)} (${basis}), finished ${moment(finishAt)}; most of it: ${stageNames[limit]}`,
    `Disk: up to ${bytes(peakWorkBytes)} while it runs, ${bytes(resultBytes)} of results`,
    ...(cost === undefined ? [] : [costLine(cost)]),
    ...(isOther ? [`Faster: --profile ${alternative.profile} takes ${length(alternative.seconds)}`] : []),
  ].flatMap((line) => wrap(line, look.columns, '  '));
}

/** A price that nobody knows is said to be unknown. */
function costLine({ type, market, usdPerHour, machineHours, usd }: CostEstimate): string {
  const machines = `${machineHours.toFixed(1)} machine hours of ${type} (${market})`;
  if (usd === undefined || usdPerHour === undefined) return `Cost: unknown; ${machines}, and no price is known here`;
  return `Cost: about USD ${usd.toFixed(2)}: ${machines} at USD ${usdPerHour.toFixed(2)} an hour, disks and the way home`;
}

const stageNames = { restore: 'restoring', engine: 'the upscaler', encode: 'the encoder' } as const;

const warningLines = ({ warnings }: PlanReport, look: Look): string[] =>
  warnings.length === 0
    ? []
    : ['', ...warnings.flatMap((text) => wrap(`Mind: ${printable(text)}`, look.columns, '  '))];

function skippedLines({ skipped }: SeasonPlan, look: Look): string[] {
  if (skipped.length === 0) return [];
  const lines = skipped.flatMap(({ path, reason }) =>
    wrap(`  ${printable(path)}: ${printable(reason)}`, look.columns, '    '),
  );
  return ['', `Left out: ${skipped.length}`, ...lines];
}

function streamsOf({ source }: EpisodePlan): string {
  const kinds = ['audio', 'subtitle', 'attachment'] as const;
  const counts = kinds.map((kind) => [source.streams.filter((stream) => stream.kind === kind).length, kind] as const);
  const named = counts.filter(([n]) => n > 0).map(([n, kind]) => `${n} ${kind}`);
  if (source.picture.captions) named.push('closed captions');
  return named.length === 0 ? 'picture only' : named.join(', ');
}
