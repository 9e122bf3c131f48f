/** An error on the terminal: what happened, why, what to do next. The last line is the one that is read. */
import { inspect } from 'node:util';
import type { FailureFact } from '../../domain/failures.js';
import { failureKinds } from '../../domain/failures.js';
import type { Look } from '../context.js';
import { printable, wrap } from './text.js';

export function failureView(fact: FailureFact, look: Look): string {
  const line = (label: string, text: string): string[] => wrap(`${label} ${printable(text)}`, look.columns, '  ');
  const [first = '', ...more] = line('Error:', fact.what);
  return [
    [first.replace('Error:', look.paint(['red', 'bold'], 'Error:')), ...more].join('\n'),
    ...(fact.evidence === undefined ? [] : line('  Why:', fact.evidence)),
    `  Kind: ${fact.kind}`,
    ...line('  Next:', fact.next ?? failureKinds[fact.kind].next),
  ].join('\n');
}

/** What nobody foresaw: all that a report needs. */
export function bugView(error: unknown, facts: Readonly<Record<string, string>>, look: Look): string {
  return [
    `${look.paint(['red', 'bold'], 'Error:')} taaf did something that nobody foresaw; this is a bug.`,
    ...inspect(error, { colors: false })
      .split('\n')
      .map((line) => `  ${printable(line)}`),
    `  ${Object.entries(facts)
      .map(([name, value]) => `${name} ${printable(value)}`)
      .join(' · ')}`,
    '  Kind: bug',
    `  Next: ${failureKinds.bug.next}`,
  ].join('\n');
}
