/**
 * Commands as data → yargs, and what it found → a command with its raw values. Parsing has no effects: nothing is printed,
 * no action runs. yargs' own checks come after ours, which know the names and say what was probably meant.
 */
import yargs from 'yargs';
import type { Argv } from 'yargs';
import { Failure } from '../domain/failures.js';
import { withoutMarker, withoutRepeats } from './argv.js';
import { offers, type Completer } from './completion.js';
import { optionName, type Arg, type Command, type RawValues } from './command.js';
import { didYouMean, nearest } from './suggest.js';

export type Parsed =
  /** Help, version, completions: ready to print. */
  | { readonly kind: 'text'; readonly text: string }
  /** No command: `all` lists every one of them. */
  | { readonly kind: 'overview'; readonly all: boolean }
  | { readonly kind: 'run'; readonly command: Command; readonly raw: RawValues };

export interface Surroundings {
  readonly version: string;
  readonly columns: number;
  readonly complete: Completer;
}

/** Options that every command takes, with their help. */
const globalOptions: Readonly<Record<string, { readonly describe: string; readonly alias?: string }>> = {
  json: { describe: 'Print JSON: one document, or one line per event' },
  quiet: { describe: 'Print results and warnings only', alias: 'q' },
  'no-color': { describe: 'Print without colours (NO_COLOR does the same)' },
  help: { describe: 'Show help and examples', alias: 'h' },
  version: { describe: 'Show the version' },
};
const COMPLETION = 'completion';
const COMPLETING = '--get-yargs-completions';
const WIDEST_HELP = 100;
/** Names that the parser keeps for itself. */
const RESERVED = /^--?(_|\$0|__proto__|get-yargs-completions)(=|$)/;

/** @throws Failure `usage`: unknown command or option, a value missing or one too many */
export async function parse(
  argv: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<Parsed> {
  if (argv[0] === COMPLETING) {
    // The words are `--get-yargs-completions taaf submit …`: the script is yargs', the answers are ours, which know the names.
    const found = await offers(argv.slice(2), commands, Object.keys(globalOptions), surroundings.complete);
    return { kind: 'text', text: found.join('\n') };
  }
  const words = withoutRepeats(withoutMarker(argv), repeatable(argv, commands));
  const reserved = words.find((word) => RESERVED.test(word));
  if (reserved !== undefined)
    throw new Failure('usage', `${reserved} is no option of taaf`, helpOf(undefined, commands));
  let found: Parsed = { kind: 'overview', all: false };
  let printed = '';
  const parser = configured(yargs(), commands, surroundings, words);
  for (const command of commands) {
    register(parser, command, (raw) => {
      found = { kind: 'run', command, raw };
    });
  }
  const values = await parser.parseAsync(words, {}, (_error: unknown, _values: unknown, text: string) => {
    printed = text;
  });
  if (values['help'] === true && values._.length === 0) return { kind: 'overview', all: true };
  return printed === '' ? found : { kind: 'text', text: printed };
}

/** Names of a command's options that may be given again. */
const repeatable = (words: readonly string[], commands: readonly Command[]): string[] =>
  Object.entries(commands.find(({ name }) => words.includes(name))?.args ?? {}).flatMap(([key, arg]) =>
    arg.kind === 'option' && arg.many ? [optionName(key)] : [],
  );

function configured(
  parser: Argv,
  commands: readonly Command[],
  { version, columns }: Surroundings,
  words: readonly string[],
): Argv {
  withGlobals(parser, version)
    .scriptName('taaf')
    .locale('en')
    .exitProcess(false)
    .wrap(Math.min(columns, WIDEST_HELP))
    .parserConfiguration({
      'duplicate-arguments-array': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strict()
    // Without it, strict yargs does not know its own command for the completion script.
    .demandCommand(0)
    .completion(COMPLETION, 'Print the script that makes TAB complete commands and names')
    .middleware((values: RawValues & { readonly _: readonly unknown[] }) => check(values, commands, words), true)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs complains by a message, or by an error of its own kind; it may do so twice.
      if (error && error.name !== 'YError') throw error;
      const what = message ?? error?.message ?? 'What was typed is no command';
      throw new Failure('usage', what, helpOf(words[0], commands));
    });
  return parser;
}

function withGlobals(parser: Argv, version: string): Argv {
  const { help, version: versionOption, ...flags } = globalOptions;
  parser.help('help', help?.describe ?? '').alias('help', 'h');
  parser.version(version).describe('version', versionOption?.describe ?? '');
  for (const [name, option] of Object.entries(flags)) parser.option(name, { type: 'boolean', ...option });
  return parser;
}

function register(parser: Argv, command: Command, found: (raw: RawValues) => void): void {
  const positionals = Object.entries(command.args).filter(([, arg]) => arg.kind === 'positional');
  const usage = positionals.map(([key, arg]) => {
    const name = optionName(key);
    return arg.kind === 'positional' && arg.required ? `<${name}>` : `[${name}]`;
  });
  parser.command(
    // Optional for yargs, whose complaint about a missing one names nothing; command.ts checks and names it.
    [command.name, ...positionals.map(([key]) => `[${optionName(key)}]`)].join(' '),
    command.summary,
    (builder) => {
      builder.usage([`taaf ${[command.name, ...usage].join(' ')}`, '', command.summary].join('\n')).strict();
      for (const [key, arg] of Object.entries(command.args)) declare(builder, optionName(key), arg);
      const own = Object.entries(command.args).filter(([, arg]) => arg.kind !== 'positional');
      builder.group(
        own.map(([key]) => optionName(key)),
        'Options:',
      );
      builder.group(Object.keys(globalOptions), 'Every command:');
      for (const [line, meaning] of command.examples) builder.example(line, meaning);
    },
    (values) => found(values),
  );
}

function declare(builder: Argv, name: string, arg: Arg): void {
  const describe = 'choices' in arg ? `${arg.describe}: ${arg.choices.join(', ')}` : arg.describe;
  if (arg.kind === 'positional') builder.positional(name, { type: 'string', describe });
  else if (arg.kind === 'option') builder.option(name, { type: 'string', requiresArg: true, describe });
  else builder.option(name, { type: 'boolean', describe, ...(arg.alias === undefined ? {} : { alias: arg.alias }) });
}

/** What is not known, by name, before yargs complains about it without one. */
function check(
  values: RawValues & { readonly _: readonly unknown[] },
  commands: readonly Command[],
  words: readonly string[],
): void {
  const [name, extra] = values._.map(String);
  const command = commands.find((candidate) => candidate.name === name);
  if (name !== undefined && name !== COMPLETION && command === undefined) {
    const names = commands.map((candidate) => candidate.name);
    throw new Failure('usage', `"${name}" is no command of taaf`, { next: didYouMean(name, names) });
  }
  const known = knownOptions(command);
  const unknown = Object.keys(values).find((key) => key !== '_' && key !== '$0' && !known.has(key));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...known]);
    const option = unknown.length === 1 ? `-${unknown}` : `--${unknown}`;
    const next = meant === undefined ? helpOf(name, commands) : { next: `Did you mean --${meant}?` };
    throw new Failure('usage', `${option} is no option of taaf${name === undefined ? '' : ` ${name}`}`, next);
  }
  // Where help is asked for, yargs leaves all values where they are.
  if (extra !== undefined && values['help'] !== true)
    throw new Failure('usage', `"${extra}" is one value too many`, helpOf(name, commands));
  checkFlags(command, words);
}

/** A flag takes no value: yargs reads `--json=maybe` as false. */
function checkFlags(command: Command | undefined, words: readonly string[]): void {
  const isFlag = (name: string): boolean =>
    name in globalOptions ||
    Object.entries(command?.args ?? {}).some(([key, arg]) => arg.kind === 'flag' && optionName(key) === name);
  for (const word of words) {
    const name = /^--([^=]+)=/.exec(word)?.[1];
    if (name !== undefined && isFlag(name)) throw new Failure('usage', `--${name} takes no value: ${word}`);
  }
}

function knownOptions(command: Command | undefined): ReadonlySet<string> {
  const own = Object.entries(command?.args ?? {}).flatMap(([key, arg]) =>
    arg.kind === 'flag' && arg.alias !== undefined ? [optionName(key), arg.alias] : [optionName(key)],
  );
  const shared = Object.entries(globalOptions).flatMap(([name, { alias }]) => (alias ? [name, alias] : [name]));
  return new Set([...own, ...shared]);
}

function helpOf(name: string | undefined, commands: readonly Command[]): { readonly next: string } {
  const known = commands.some((command) => command.name === name);
  return { next: `Run: taaf ${known ? `${name ?? ''} ` : ''}--help` };
}
