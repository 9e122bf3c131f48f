/** Programs in the background, and how much memory programs take. Memory is read from /proc: elsewhere than on Linux it is not known. */
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { start } from '../src/process/run.js';

export interface Background {
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a program that serves until it is stopped; what it prints goes nowhere. */
export function serve(argv: readonly string[], env: Readonly<Record<string, string>>): Background {
  return backgroundOf(argv, env).background;
}

/** Starts such a program and waits for its first line. */
export async function serveWhenReady(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Background> {
  const { background, firstLine } = backgroundOf(argv, env);
  await firstLine;
  return background;
}

function backgroundOf(argv: readonly string[], env: Readonly<Record<string, string>>) {
  const stop = new AbortController();
  const program = start(argv, { env, signal: stop.signal });
  const ended = program.done.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  const firstLine = new Promise<void>((resolve, reject) => {
    createInterface({ input: program.stdout }).on('line', () => resolve());
    ended.then(() => reject(new Error(`${argv.join(' ')} ended`)), reject);
  });
  firstLine.catch(() => undefined);
  const background: Background = {
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
  return { background, firstLine };
}

export interface Memory {
  /** Bytes that are resident now, and the most that ever were. */
  readonly now: number;
  readonly peak: number;
}

/** Memory of a process; `undefined` where it is gone or nobody knows. */
export function memoryOf(pid: number): Memory | undefined {
  const status = readProc(`${pid}/status`);
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return status === '' ? undefined : { now: field('VmRSS'), peak: field('VmHWM') };
}

/** Process numbers of those whose command line has the word, and of all that they have started. */
export function family(word: string): { readonly parents: readonly number[]; readonly all: readonly number[] } {
  const pids = pidsHere();
  const parents = pids.filter((pid) => readProc(`${pid}/cmdline`).includes(word));
  const all = new Set(parents);
  for (let before = -1; before < all.size;) {
    before = all.size;
    for (const pid of pids) if (all.has(parentOf(pid))) all.add(pid);
  }
  return { parents, all: [...all] };
}

const pidsHere = (): number[] => {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    // There is no /proc on this system.
    return [];
  }
};

/** The name in between may hold anything, brackets too. */
const parentOf = (pid: number): number => Number(/\) \S (\d+) [^)]*$/.exec(readProc(`${pid}/stat`))?.[1] ?? 0);

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}
