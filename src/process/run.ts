/** The only place that spawns programs for their result: argv arrays, a signal, lines out, first cause kept. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { execa, ExecaError } from 'execa';
import { Failure, type FailureKind } from '../domain/failures.js';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The program goes on when we die. */
  readonly outlivesUs?: boolean;
  /** Called for every line of standard output (`stdout` of the result is then empty). */
  readonly onLine?: (line: string) => void;
  /** Called for every line of error output of a program that is started: for facts beside the bytes on its standard output. */
  readonly onErrorLine?: (line: string) => void;
  /** Kind and sentence of the failure when the program ends badly. */
  readonly failure?: { readonly kind: FailureKind; readonly what: string; readonly next?: string };
  /** What an exit code means for this program, where it means something more precise than `failure`. */
  readonly exitKind?: (code: number) => FailureKind | undefined;
  /** Picks the evidence of a failure from the error output; its last line unless told otherwise. */
  readonly evidence?: (stderr: string) => string | undefined;
}

export interface RunResult {
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderr: string;
}

/** A running program whose raw streams the caller moves. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Settles when the program has ended; rejects with a Failure like `run`. */
  readonly done: Promise<RunResult>;
}

const TAIL = 64 * 1024;
const MAX_OUTPUT = 256 * 1024 * 1024;

/** The last line of a program's error output that says something: the evidence of its failure. */
export function lastLine(text: string): string | undefined {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}

const shared = (options: RunOptions) => ({
  forceKillAfterDelay: 2_000,
  ...(options.signal ? { cancelSignal: options.signal } : {}),
  ...(options.cwd ? { cwd: options.cwd } : {}),
  ...(options.outlivesUs ? { detached: true, cleanup: false } : {}),
  ...(options.env ? { env: { ...options.env } } : {}),
});

function split(argv: readonly string[]): [program: string, args: readonly string[]] {
  const [program, ...args] = argv;
  if (program === undefined) throw new Failure('bug', 'a program without a name was to be started');
  return [program, args];
}

/** Keeps the tail of a text stream, and tells its lines. */
function tailOf(stream: Readable, onLine?: (line: string) => void): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-TAIL);
  });
  if (onLine) createInterface({ input: stream }).on('line', onLine);
  return () => text;
}

/** Starts a program whose standard input and output carry bytes. */
export function start(argv: readonly string[], options: RunOptions = {}): Running {
  const [program, args] = split(argv);
  const child = execa(program, args, { ...shared(options), stdin: 'pipe', encoding: 'buffer', buffer: false });
  const stderr = tailOf(child.stderr, options.onErrorLine);
  const done = child.then(
    () => ({ stdout: '', stderr: stderr() }),
    (error: unknown) => {
      throw failureOf(error, program, stderr(), options);
    },
  );
  return { stdin: child.stdin, stdout: child.stdout, done };
}

/**
 * Runs a program to its end.
 * @throws Failure of the kind that the caller names (default `bug`) or that the exit code tells; `cancelled` when the signal ended it;
 *         `tool-missing` when there is no such program.
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, args] = split(argv);
  const { onLine } = options;
  let stderr = (): string => '';
  try {
    const child = execa(program, args, {
      ...shared(options),
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      buffer: { stdout: onLine === undefined, stderr: false },
      maxBuffer: MAX_OUTPUT,
    });
    stderr = tailOf(child.stderr);
    if (onLine) for await (const line of child.iterable({ from: 'stdout' })) onLine(line);
    const result = await child;
    return { stdout: onLine ? '' : result.stdout, stderr: stderr() };
  } catch (error) {
    throw failureOf(error, program, stderr(), options);
  }
}

function failureOf(error: unknown, program: string, stderr: string, options: RunOptions): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (error.isCanceled) return new Failure('cancelled', `${program} was stopped`, { cause: error });
  if (error.code === 'ENOENT' || error.code === 'EACCES') {
    return new Failure('tool-missing', `${program} cannot be started`, { evidence: error.code, cause: error });
  }
  const byCode = error.exitCode === undefined ? undefined : options.exitKind?.(error.exitCode);
  const kind = byCode ?? options.failure?.kind ?? 'bug';
  const evidence = (options.evidence ?? lastLine)(stderr) ?? error.shortMessage;
  const { what, next } = options.failure ?? { what: `${program} failed` };
  return new Failure(kind, what, { evidence, cause: error, ...(next === undefined ? {} : { next }) });
}
