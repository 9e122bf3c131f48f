/** Where a source is film and where video: a strip for the plan, and every passage with its time codes. */
import type { Passage, PassageKind } from '../../domain/cadence.js';
import type { CadenceVerdict } from '../../domain/media.js';
import type { Format, Look } from '../context.js';
import { clock, count } from './figures.js';
import { table, type Column } from './table.js';
import { printable, wrap } from './text.js';

/** Seconds of a coded frame: film's where flags tell a player to repeat fields, else that of 30000/1001 a second. */
const secondsOfFrame = ({ soft }: Passage): number => (soft ? 1001 / 24_000 : 1001 / 30_000);

export interface TimedPassage extends Passage {
  /** Seconds from the first frame. */
  readonly from: number;
  readonly to: number;
}

export function timed(passages: readonly Passage[]): TimedPassage[] {
  let at = 0;
  return passages.map((passage) => {
    const from = at;
    at += passage.frames * secondsOfFrame(passage);
    return { ...passage, from, to: at };
  });
}

/** What a source without passages is from its beginning to its end. */
const wholes: Readonly<Record<CadenceVerdict['cadence'], PassageKind>> = {
  progressive: 'frames',
  'hard-telecine': 'film',
  'soft-telecine': 'frames',
  interlaced: 'video',
};

/** The course of any source: its passages, or the one that it is. @param seconds its length */
export const courseOf = (
  { cadence, passages }: CadenceVerdict,
  seconds: number,
): Pick<TimedPassage, 'kind' | 'from' | 'to'>[] =>
  passages === undefined ? [{ kind: wholes[cadence], from: 0, to: seconds }] : timed(passages);

const marks: Readonly<Record<PassageKind, readonly [mark: string, format: Format]>> = {
  film: ['━', 'green'],
  frames: ['─', 'cyan'],
  video: ['░', 'yellow'],
  mixed: ['▒', 'magenta'],
};

/** Each place of the strip shows what most of its time is; video of a few seconds shows, too: it is what strips are looked at for. */
export function strip(passages: readonly Passage[], width: number, look: Look): string {
  const parts = timed(passages);
  const total = parts.at(-1)?.to ?? 0;
  return Array.from({ length: width }, (_, i) => {
    const [mark, format] = marks[kindWithin(parts, (i * total) / width, ((i + 1) * total) / width)];
    return look.paint(format, mark);
  }).join('');
}

/** Rare kinds go before common ones where they take a twentieth of the place. */
const rarest: readonly PassageKind[] = ['mixed', 'video', 'frames', 'film'];
const NOTICEABLE = 0.05;

function kindWithin(parts: readonly TimedPassage[], from: number, to: number): PassageKind {
  const share = (kind: PassageKind): number =>
    parts
      .filter((part) => part.kind === kind)
      .reduce((sum, part) => sum + Math.max(0, Math.min(part.to, to) - Math.max(part.from, from)), 0);
  const most = [...rarest].sort((a, b) => share(b) - share(a))[0] ?? 'frames';
  return rarest.find((kind) => share(kind) >= NOTICEABLE * (to - from)) ?? most;
}

export const legend = (look: Look): string =>
  (['film', 'frames', 'video', 'mixed'] as const)
    .map((kind) => `${look.paint(marks[kind][1], marks[kind][0])} ${kind}`)
    .join('  ');

const words: Readonly<Record<PassageKind, string>> = {
  film: 'film',
  frames: 'frames',
  video: 'video',
  mixed: 'mixed',
};

/** A source's cadence in a few words: `film 86%, video 14%`. */
export function cadenceText({ cadence, passages = [] }: CadenceVerdict): string {
  const kinds = new Map<PassageKind, number>();
  for (const { kind, from, to } of timed(passages)) kinds.set(kind, (kinds.get(kind) ?? 0) + to - from);
  if (kinds.size < 2) return cadence;
  const total = [...kinds.values()].reduce((sum, seconds) => sum + seconds, 0);
  return [...kinds]
    .sort((a, b) => b[1] - a[1])
    .map(([kind, seconds]) => `${words[kind]} ${Math.max(1, Math.round((100 * seconds) / total))}%`)
    .join(', ');
}

const columns: readonly Column<TimedPassage>[] = [
  { title: 'From', text: ({ from }) => clock(from), align: 'right' },
  { title: 'To', text: ({ to }) => clock(to), align: 'right' },
  { title: 'What', text: ({ kind }) => words[kind], format: ({ kind }) => marks[kind][1] },
  { title: 'Frames', text: ({ first, frames }) => `${first}–${first + frames - 1}`, align: 'right', drop: 1 },
  { title: 'Torn', text: ({ torn = [] }) => (torn.length === 0 ? '' : String(torn.length)), align: 'right', drop: 2 },
];

/** Most passages that are listed; the strip shows them all. */
const MOST = 60;
const STRIP = 60;

export function cadenceView(name: string, { verdict }: { readonly verdict: CadenceVerdict }, look: Look): string {
  const { passages = [], confidence, evidence } = verdict;
  const shown = timed(passages).slice(0, MOST);
  const more = passages.length - shown.length;
  return [
    look.paint('bold', printable(name)),
    ...wrap(`${cadenceText(verdict)}, sure to ${Math.floor(confidence * 100)}%`, look.columns, '  '),
    ...wrap(evidence, look.columns, '  '),
    ...(passages.length < 2 ? [] : ['', strip(passages, Math.min(STRIP, look.columns), look), legend(look), '']),
    ...(passages.length < 2 ? [] : (table(columns, shown, look) ?? [])),
    ...(more > 0 ? [`… and ${count(more, 'more passage')}`] : []),
  ].join('\n');
}
