/** Keeps one program running: starts it, says when it serves, starts it again when it dies, ends it when told to. */
import type { Failure } from '../domain/failures.js';
import { startGuarded } from '../process/guarded.js';
import type { GuardedChild } from '../process/guarded.js';
import { pause } from '../process/pause.js';
import type { Log } from './log.js';

export interface Prepared {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called for every line that the program prints. */
  readonly onLine?: (line: string) => void;
  /** Resolves when the program serves and has been recorded; ends early, in vain, when the signal says that it is gone. */
  readonly ready: (gone: AbortSignal) => Promise<void>;
}

export interface Charge {
  readonly name: string;
  /** What is to be started now. A failure of it is final: starting again would not help. */
  readonly prepare: () => Promise<Prepared>;
  /** Called whenever the program is gone. */
  readonly clear: () => Promise<void>;
  /** Milliseconds the program has to end by itself. */
  readonly stopMs: number;
  /** The failure of a program that does not even start; `evidence` is its last line, or how it ended. */
  readonly hopeless: (evidence: string) => Promise<Failure>;
}

export interface Supervision {
  readonly lockFd: number;
  readonly log: Log;
  /** Ends the program, and then the supervision. */
  readonly signal: AbortSignal;
  /** The first wait before another start, in milliseconds; it doubles up to thirty seconds. */
  readonly backoffMs: number;
}

/** Starts that may fail before the first success: a taken port, a server that is not there yet. */
const PATIENCE = 4;
const MOST_MS = 30_000;
/** Whoever ran so long before it died starts again at once. */
const STEADY_MS = 60_000;

/** @throws Failure when the program never came to serve */
export async function supervise(charge: Charge, supervision: Supervision): Promise<void> {
  const { log, signal, backoffMs } = supervision;
  let everReady = false;
  for (let failures = 0; ;) {
    const round = await runOnce(charge, supervision);
    if (!round) return;
    everReady ||= round.wasReady;
    failures = round.ms >= STEADY_MS ? 1 : failures + 1;
    if (!everReady && failures >= PATIENCE) {
      throw await charge.hopeless(round.lastLine ?? `it ended with ${round.end}`);
    }
    const wait = Math.min(MOST_MS, backoffMs * 2 ** (failures - 1));
    log.say(`the ${charge.name} ended; starting it again`, { end: round.end, waitMs: wait });
    await pause(wait, signal);
  }
}

interface Round {
  readonly end: number | NodeJS.Signals;
  readonly wasReady: boolean;
  /** Milliseconds that it ran. */
  readonly ms: number;
  readonly lastLine: string | undefined;
}

/** One life of the program; undefined when it was told to end. */
async function runOnce(charge: Charge, { lockFd, log, signal }: Supervision): Promise<Round | undefined> {
  if (signal.aborted) return undefined;
  const began = performance.now();
  const { argv, env, onLine, ready } = await charge.prepare();
  let lastLine: string | undefined;
  const hear = (line: string): void => {
    if (line !== '') lastLine = line;
    log.write(line);
    onLine?.(line);
  };
  const child = startGuarded(argv, { lockFd, env, onLine: hear });
  log.say(`the ${charge.name} was started`, { pid: child.pid });
  const gone = new AbortController();
  const readiness = awaitReady(ready(gone.signal), gone.signal, child, log);
  const end = await endOf(child, charge.stopMs, signal);
  gone.abort();
  const wasReady = await readiness;
  await charge.clear();
  return isStopped(signal) ? undefined : { end, wasReady, ms: performance.now() - began, lastLine };
}

/** Asked anew after every wait. */
const isStopped = (signal: AbortSignal): boolean => signal.aborted;

/** Waits for the child's end, and brings it about when told to. */
async function endOf(child: GuardedChild, limitMs: number, signal: AbortSignal): Promise<number | NodeJS.Signals> {
  let limit: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.stop();
    limit = setTimeout(child.kill, limitMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const end = await child.ended;
  signal.removeEventListener('abort', stop);
  clearTimeout(limit);
  return end;
}

/** Whoever lives but cannot be made ready is ended: the next start may do better. */
async function awaitReady(ready: Promise<void>, gone: AbortSignal, child: GuardedChild, log: Log): Promise<boolean> {
  try {
    await ready;
    return !gone.aborted;
  } catch (error) {
    if (!gone.aborted) log.say('it cannot be made ready', { error: String(error) });
    child.kill();
    return false;
  }
}
