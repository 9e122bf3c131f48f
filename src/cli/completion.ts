/** What TAB offers, found from the words typed so far. */
import { optionName, type Arg, type Command, type Completes } from './command.js';

/** Names of the asked kinds, from what lies on this computer; never slow, never an error. */
export type Completer = (kinds: readonly Completes[]) => Promise<readonly string[]>;

/** What is being typed: options, a command's name, or a value. */
export type Wanted =
  | { readonly kind: 'options' }
  | { readonly kind: 'commands' }
  | { readonly kind: 'value'; readonly arg: Arg | undefined };

/** @param words the words after `taaf`, the last one being typed */
export function wanted(words: readonly string[], commands: readonly Command[]): Wanted {
  const current = words.at(-1) ?? '';
  const command = commands.find((candidate) => candidate.name === words[0]);
  if (command === undefined || words.length < 2) return { kind: current.startsWith('-') ? 'options' : 'commands' };
  const args = Object.entries(command.args);
  const optionAt = (word: string | undefined): Arg | undefined =>
    args.find(([key, arg]) => arg.kind === 'option' && word === `--${optionName(key)}`)?.[1];
  const before = optionAt(words.at(-2));
  if (before) return { kind: 'value', arg: before };
  if (current.startsWith('-')) return { kind: 'options' };
  const place = words
    .slice(1, -1)
    .filter((word, i) => !word.startsWith('-') && optionAt(words[i]) === undefined).length;
  const positionals = args.map(([, arg]) => arg).filter((arg) => arg.kind === 'positional');
  return { kind: 'value', arg: positionals[place] };
}

/** What TAB offers: the shell keeps those that begin with what is typed. */
export async function offers(
  words: readonly string[],
  commands: readonly Command[],
  shared: readonly string[],
  complete: Completer,
): Promise<readonly string[]> {
  const want = wanted(words, commands);
  if (want.kind === 'commands') return commands.map(({ name }) => name);
  if (want.kind === 'options') {
    const args = commands.find(({ name }) => name === words[0])?.args ?? {};
    const own = Object.entries(args).filter(([, arg]) => arg.kind !== 'positional');
    return [...own.map(([key]) => optionName(key)), ...shared].map((name) => `--${name}`);
  }
  const { arg } = want;
  if (arg === undefined || arg.kind === 'flag') return [];
  return [...(arg.choices ?? []), ...(await complete(arg.completes ?? []))];
}
