/** What a command may touch: streams, environment, the terminal's facts, and the one way to ask and to tell. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import { jsonOf, textOf, type Event } from './output.js';

/** A text format of `util.styleText`. */
export type Format = Parameters<typeof styleText>[0];

/** How a view draws: the width it has, and colours where the stream shows them. */
export interface Look {
  readonly columns: number;
  readonly paint: (format: Format, text: string) => string;
}

/** The process as the command line sees it; tests hand in streams of their own. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

type Terminal = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly hasColors?: (env: object) => boolean;
};

/** Options that every command takes. */
export interface Globals {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
}

export interface Context extends Io, Globals {
  /** Whether results go to a terminal: live views only there. */
  readonly isTerminal: boolean;
  /** How results are drawn. */
  readonly look: Look;
  /** How messages are drawn. */
  readonly messages: Look;
  /** Tells what happens: results of a stream (log lines, phases) on standard output, messages on standard error. */
  emit(event: Event): void;
  /** Shows a text of several lines before the result, on standard error. */
  tell(text: (look: Look) => string): void;
  /** Prints the command's result: one JSON document with `--json`, else the text. */
  result(data: unknown, text: (look: Look) => string): void;
  /** Asks a yes-or-no question; `undefined` where nobody can answer. */
  confirm(question: string): Promise<boolean | undefined>;
}

const DEFAULT_COLUMNS = 80;
const messageKinds: ReadonlySet<Event['kind']> = new Set(['note', 'warning', 'step']);

export function createContext(io: Io, globals: Globals): Context {
  const look = lookOf(io.stdout, globals, io.env);
  const messages = lookOf(io.stderr, globals, io.env);
  const { json, quiet } = globals;
  return {
    ...io,
    ...globals,
    isTerminal: io.stdout.isTTY === true,
    look,
    messages,
    emit(event) {
      const isMessage = messageKinds.has(event.kind);
      if (isMessage && quiet && event.kind !== 'warning') return;
      const line = json ? jsonOf(event) : textOf(event, isMessage ? messages : look);
      (isMessage ? io.stderr : io.stdout).write(`${line}\n`);
    },
    tell(text) {
      if (!json && !quiet) io.stderr.write(`${text(messages)}\n`);
    },
    result(data, text) {
      io.stdout.write(`${json ? JSON.stringify(data, undefined, 2) : text(look)}\n`);
    },
    confirm: (question) => ask(io, question),
  };
}

/** The terminal itself knows what NO_COLOR, TERM and the like mean for it; a pipe has no colours. */
function lookOf(stream: Terminal, { noColor, json }: Globals, env: Io['env']): Look {
  const coloured = !noColor && !json && stream.isTTY === true && (stream.hasColors?.(env) ?? false);
  return {
    columns: stream.columns && stream.columns > 0 ? stream.columns : DEFAULT_COLUMNS,
    paint: coloured ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text,
  };
}

async function ask(io: Io, question: string): Promise<boolean | undefined> {
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true) return undefined;
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: io.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
