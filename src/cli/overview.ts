/** The first screen: five commands for who is new, all of them for who asks. */
import type { Command } from './command.js';
import type { Look } from './context.js';
import { pad, wrap } from './views/text.js';

const firstFive: readonly (readonly [line: string, meaning: string])[] = [
  ['taaf submit ./voyager-s1', 'Upscale a folder of episodes to 4K'],
  ['taaf plan ./voyager-s1', 'Show first what that would do, and how long it takes'],
  ['taaf watch', 'See how far it is; leave with Ctrl-C, the work goes on'],
  ['taaf why 3', 'Why episode 3 failed or waits, and what happens next'],
  ['taaf doctor', 'Check this computer; one line per thing to mend'],
];

/** What bare `taaf` shows. */
export function firstScreen(look: Look): string {
  return [
    ...wrap('taaf: a folder of DVD episodes becomes a 4K season.', look.columns),
    '',
    ...lines(firstFive, look),
    '',
    'All commands: taaf --help',
  ].join('\n');
}

/** What `taaf --help` shows. */
export function allCommands(commands: readonly Command[], look: Look): string {
  return [
    'Usage: taaf <command> [options]',
    '',
    ...lines(
      commands.map((command) => [command.name, command.summary] as const),
      look,
    ),
    '',
    ...wrap(
      'Every command takes --json, --quiet (-q), --no-color and --help (-h), which shows examples.',
      look.columns,
    ),
    '',
    ...wrap('Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 something needs you.', look.columns),
    ...wrap('TAB completion: taaf completion >> ~/.bashrc', look.columns),
  ].join('\n');
}

/** Two columns; on a narrow terminal the meaning goes under the line. */
function lines(pairs: readonly (readonly [string, string])[], look: Look): string[] {
  const width = Math.max(...pairs.map(([line]) => line.length)) + 2;
  if (2 + width + 30 > look.columns) {
    return pairs.flatMap(([line, meaning]) => [
      `  ${look.paint('bold', line)}`,
      ...wrap(`      ${meaning}`, look.columns, '      '),
    ]);
  }
  return pairs.flatMap(([line, meaning]) => {
    const [first = '', ...more] = wrap(meaning, look.columns - width - 2);
    return [`  ${look.paint('bold', pad(line, width))}${first}`, ...more.map((text) => ' '.repeat(width + 2) + text)];
  });
}
