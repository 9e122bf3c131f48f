/** Something that is made once, whoever asks first: the others wait, and find it there. */
import type { TaafPaths } from '../config/paths.js';
import { diskFailure } from '../disk/failure.js';
import { Failure } from '../domain/failures.js';
import { waitForLock } from '../process/lock.js';

/** How the makers of the toolchain talk and are stopped. */
export interface Making {
  readonly paths: TaafPaths;
  /** Told one line before each thing that takes time. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Once<T> {
  /** What it is, for the one who waits: `The tools`. */
  readonly what: string;
  /** File of the lock that its maker holds. */
  readonly lock: string;
  /** The finished thing, or undefined while there is none. */
  readonly find: () => Promise<T | undefined>;
  readonly make: () => Promise<T>;
}

/** @throws Failure `cancelled` when the signal ended the waiting, and whatever `make` throws */
export async function once<T>({ what, lock, find, make }: Once<T>, { paths, report, signal }: Making): Promise<T> {
  const finished = await find();
  if (finished !== undefined) return finished;
  const held = await waitForLock(lock, {
    ...(signal ? { signal } : {}),
    onWait: () => report(`${what} are being set up by another taaf; waiting for it`),
  });
  if (!held) throw new Failure('cancelled', 'The setup was stopped', { next: 'Run: taaf setup' });
  try {
    return (await find()) ?? (await make());
  } catch (error) {
    throw diskFailure(error, paths.data);
  } finally {
    held.release();
  }
}

/** The index or the registry behind a step of setting up: its failure names the step and the way back. */
export function fetchFailure(what: string): { kind: 'network'; what: string; next: string } {
  const next = 'Check the connection and the settings of the package manager (proxy, index), then run: taaf setup';
  return { kind: 'network', what: `${what} could not be fetched`, next };
}

/** Package managers tell their story in several lines: the last five. */
export function lastLines(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? undefined : lines.slice(-5).join('\n');
}
