/** One run of the command line: parse, act, print what went wrong, choose the exit code. Tests call it in-process. */
import { Failure, factOf, type FailureKind } from '../domain/failures.js';
import { globalsOf } from './argv.js';
import type { Completer } from './completion.js';
import type { Command, ExitCode } from './command.js';
import { createContext, type Context, type Io } from './context.js';
import { allCommands, firstScreen } from './overview.js';
import { parse } from './register.js';
import { bugView, failureView } from './views/failure.js';

export interface Program {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly complete: Completer;
  /** Checks of the computer that explain a failure of this kind: printed under it. */
  readonly explain: (kind: FailureKind, context: Context) => Promise<string>;
}

/** Never throws. */
export async function cli(argv: readonly string[], io: Io, program: Program): Promise<ExitCode> {
  const context = createContext(io, globalsOf(argv));
  try {
    return await act(argv, context, program);
  } catch (error) {
    await report(error, argv, context, program);
    return exitCodeOf(factOf(error).kind);
  }
}

async function act(argv: readonly string[], context: Context, program: Program): Promise<ExitCode> {
  const { version, complete, commands } = program;
  const parsed = await parse(argv, commands, { version, columns: context.look.columns, complete });
  if (parsed.kind === 'run') return parsed.command.invoke(parsed.raw, context);
  const text =
    parsed.kind === 'text' ? parsed.text : parsed.all ? allCommands(commands, context.look) : firstScreen(context.look);
  context.stdout.write(`${text}\n`);
  return 0;
}

async function report(error: unknown, argv: readonly string[], context: Context, program: Program): Promise<void> {
  const { stderr, messages, json } = context;
  const fact = factOf(error);
  if (json) {
    stderr.write(`${JSON.stringify({ kind: 'error', failure: fact })}\n`);
    return;
  }
  const facts = {
    taaf: program.version,
    node: process.version,
    on: `${process.platform} ${process.arch}`,
    ran: argv.join(' '),
  };
  const checks = await program.explain(fact.kind, context);
  if (checks !== '') stderr.write(`${checks}\n`);
  stderr.write(`${error instanceof Failure ? failureView(fact, messages) : bugView(error, facts, messages)}\n`);
}

/** Kinds that wait for a human's word or hand, not for another try. */
const needsHuman: ReadonlySet<FailureKind> = new Set(['auth-expired', 'licence', 'over-budget', 'quota']);

export function exitCodeOf(kind: FailureKind): ExitCode {
  if (kind === 'usage') return 2;
  return needsHuman.has(kind) ? 3 : 1;
}
