/** A command is data: what it is called, what it takes, and a lazy import of what it does. */
import { Failure } from '../domain/failures.js';
import type { Context } from './context.js';

/** 0 ok · 1 failed · 2 wrong usage · 3 something needs the human. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What TAB offers for a value; files and folders are the shell's own. */
export type Completes = 'season' | 'episode' | 'profile';

export interface Positional<T, Required extends boolean = boolean> {
  readonly kind: 'positional';
  readonly describe: string;
  readonly required: Required;
  readonly read: (text: string) => T;
  readonly choices?: readonly string[];
  readonly completes?: readonly Completes[];
}

export interface Option<T> {
  readonly kind: 'option';
  /** It may be given again: its values are read as one, with commas between them. */
  readonly many?: true;
  readonly describe: string;
  readonly read: (text: string) => T;
  readonly choices?: readonly string[];
  readonly completes?: readonly Completes[];
}

export interface Flag {
  readonly kind: 'flag';
  readonly describe: string;
  readonly alias?: string;
}

export type Arg = Positional<unknown> | Option<unknown> | Flag;
export type ArgTable = Readonly<Record<string, Arg>>;

/** What the action gets: the values as the table's readers made them. */
export type ValuesOf<A extends ArgTable> = {
  readonly [K in keyof A]: A[K] extends Flag
    ? boolean
    : A[K] extends Positional<infer T, true>
      ? T
      : A[K] extends { readonly read: (text: string) => infer T }
        ? T | undefined
        : never;
};

/** Values as the parser found them, by option name. */
export type RawValues = Readonly<Record<string, unknown>>;

/** A command without the types of its values. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Command lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  readonly args: ArgTable;
  readonly invoke: (raw: RawValues, context: Context) => Promise<ExitCode>;
}

interface Definition<A extends ArgTable> extends Omit<Command, 'args' | 'invoke'> {
  readonly args: A;
  readonly run: (values: ValuesOf<A>, context: Context) => Promise<ExitCode>;
}

export function command<const A extends ArgTable>({ run, ...data }: Definition<A>): Command {
  return { ...data, invoke: async (raw, context) => run(readValues(data.args, raw), context) };
}

/** `dryRun` → `dry-run`. */
export const optionName = (key: string): string => key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** @throws Failure `usage` naming the value that is missing or wrong */
export function readValues<A extends ArgTable>(args: A, raw: RawValues): ValuesOf<A> {
  const entries = Object.entries(args).map(([key, arg]) => [key, readValue(key, arg, raw[optionName(key)])] as const);
  return Object.fromEntries(entries) as ValuesOf<A>;
}

function readValue(key: string, arg: Arg, value: unknown): unknown {
  if (arg.kind === 'flag') return value === true;
  const name = arg.kind === 'positional' ? `<${optionName(key)}>` : `--${optionName(key)}`;
  if (typeof value === 'string') {
    if (value === '') throw new Failure('usage', `${name} is empty`);
    return arg.read(value);
  }
  if (arg.kind === 'positional' && arg.required) throw new Failure('usage', `${name} is missing: ${arg.describe}`);
  return undefined;
}
