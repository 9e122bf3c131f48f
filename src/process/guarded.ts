/** A child that a supervisor keeps: it holds the supervisor's lock, never outlives it, and leaves nothing behind when it ends. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Failure } from '../domain/failures.js';
import { guardedArgv } from './guardian.js';

export interface GuardedOptions {
  /** Descriptor of the lock that the child holds too: it is free only when both are dead. */
  readonly lockFd: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called for every line of standard output and standard error. */
  readonly onLine: (line: string) => void;
}

export interface GuardedChild {
  readonly pid: number;
  /** Settles when the child and all of its process group are gone: the exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Asks the child itself to end. */
  readonly stop: () => void;
  /** Ends its whole group at once. */
  readonly kill: () => void;
}

/** @throws Failure `tool-missing` when it cannot be started */
export function startGuarded(argv: readonly string[], { lockFd, env, onLine }: GuardedOptions): GuardedChild {
  const [program = '', ...args] = guardedArgv(argv);
  const child = spawn(program, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe', lockFd] });
  const { pid } = child;
  child.once('error', (error) => onLine(error.message));
  if (pid === undefined) throw new Failure('tool-missing', `${program} cannot be started`);
  for (const stream of [child.stdout, child.stderr] as Readable[])
    createInterface({ input: stream }).on('line', onLine);
  const kill = () => signalGroup(pid);
  // The guardian, and whatever the child had started, are still there: `close` comes when they are gone too.
  child.once('exit', kill);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0));
  });
  return { pid, ended, stop: () => child.kill('SIGTERM'), kill };
}

function signalGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
