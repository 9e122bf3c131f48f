/** What the check of this computer found, with a line to mend each thing that is not well. */
import type { Look } from '../context.js';
import { pad, printable, wrap } from './text.js';

export interface Finding {
  /** What was looked at: `ffmpeg`, `disk`, `Temporal`. */
  readonly name: string;
  readonly state: 'ok' | 'note' | 'bad';
  /** What was found, and what was wanted where that differs. */
  readonly found: string;
  /** The command or act that mends it. */
  readonly fix?: string;
}

const marks = {
  ok: ['ok', 'green'],
  note: ['note', 'yellow'],
  bad: ['BAD', 'red'],
} as const;

export function doctorView(findings: readonly Finding[], look: Look): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, state, found, fix }) => {
      const [mark, colour] = marks[state];
      const lead = `${pad(mark, 4)}  ${pad(name, width)}  `;
      const [first = '', ...more] = wrap(lead + printable(found), look.columns, ' '.repeat(8));
      return [
        look.paint(colour, first.slice(0, 4)) + first.slice(4),
        ...more,
        ...(fix === undefined ? [] : wrap(`      fix: ${printable(fix)}`, look.columns, ' '.repeat(11))),
      ];
    })
    .join('\n');
}
