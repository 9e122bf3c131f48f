/** Starting a program that lives on when we end: a session of its own, no terminal. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../domain/failures.js';

export interface BackgroundOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File that takes its error output; replaced. */
  readonly errors: string;
}

export interface Background {
  readonly pid: number;
  readonly hasEnded: () => boolean;
}

/** @throws Failure `tool-missing` when it cannot be started */
export function startInBackground(argv: readonly string[], { cwd, env, errors }: BackgroundOptions): Background {
  const [program = '', ...args] = argv;
  mkdirSync(dirname(errors), { recursive: true, mode: 0o700 });
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const fd = openSync(errors, 'w', 0o600);
  try {
    const child = spawn(program, args, { detached: true, cwd, env, stdio: ['ignore', 'ignore', fd] });
    let ended = false;
    child.once('exit', () => (ended = true)).once('error', () => (ended = true));
    if (child.pid === undefined) throw new Failure('tool-missing', `${program} cannot be started`);
    child.unref();
    return { pid: child.pid, hasEnded: () => ended };
  } finally {
    closeSync(fd);
  }
}
