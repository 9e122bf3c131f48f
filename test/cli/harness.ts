/** Runs the command line in-process with streams, folders and an environment of its own. */
import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { commands } from '../../src/cli/commands/index.js';
import type { Command, ExitCode } from '../../src/cli/command.js';
import { cli, type Program } from '../../src/cli/run.js';

// A terminal's own answer, which reads NO_COLOR and TERM.
const hasColors = (env: object): boolean => WriteStream.prototype.getColorDepth(env) > 2;

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly commands?: readonly Command[];
  readonly program?: Partial<Program>;
  /** Makes standard output a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
}

export async function taaf(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { terminal } = surroundings;
  const stdout: PassThrough = new PassThrough();
  if (terminal) Object.assign(stdout, { isTTY: true, hasColors, ...terminal });
  const stderr = new PassThrough();
  const texts = { stdout: collect(stdout), stderr: collect(stderr) };
  const code = await cli(
    argv,
    {
      stdin: new PassThrough(),
      stdout,
      stderr,
      env: surroundings.env ?? {},
      cwd: surroundings.cwd ?? process.cwd(),
      signal: surroundings.signal ?? new AbortController().signal,
    },
    {
      commands: surroundings.commands ?? commands,
      version: '1.2.3',
      complete: () => Promise.resolve([]),
      explain: () => Promise.resolve(''),
      ...surroundings.program,
    },
  );
  return { code, stdout: texts.stdout(), stderr: texts.stderr() };
}

function collect(stream: PassThrough): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => {
    for (let chunk: unknown = stream.read(); chunk instanceof Buffer; chunk = stream.read()) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  };
}
