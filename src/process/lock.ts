/** "Only one" is an OS lock on an open file: the kernel frees it at any death of its holders, also of those that inherited it. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import fsx from 'fs-native-extensions';
import { pause } from './pause.js';

export interface Lock {
  /** Hand it to a child in its `stdio` and the child holds the lock too. */
  readonly fd: number;
  release(): void;
}

/** Takes the lock if nobody holds it; the file is made where it is missing and never removed. */
export const tryLock = (path: string): Lock | undefined => lockFile(path, false);

/** Whether somebody holds the lock right now. Two who look at the same time do not see each other: they look with shared locks. */
export function isLocked(path: string): boolean {
  const lock = lockFile(path, true);
  lock?.release();
  return lock === undefined;
}

/**
 * Takes the lock, or learns at once that another holds it. Who only looks (`isLocked`) shares it for an instant: then it is tried again,
 * since that is no holder.
 */
export async function takeLock(path: string): Promise<Lock | undefined> {
  for (;;) {
    const lock = tryLock(path);
    if (lock || isLocked(path)) return lock;
    await pause(LOOKING_MS);
  }
}

function lockFile(path: string, shared: boolean): Lock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fd = openSync(path, 'a+', 0o600);
  if (!fsx.tryLock(fd, { shared })) {
    closeSync(fd);
    return undefined;
  }
  return { fd, release: () => closeSync(fd) };
}

/** Longer than a look takes. */
const LOOKING_MS = 5;

export interface LockPatience {
  /** Milliseconds to wait at most; for ever without it. */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
  /** Called once when there is somebody to wait for. */
  readonly onWait?: () => void;
}

/** Takes the lock as soon as its holders let it go; `undefined` when patience or the signal ended first. */
export async function waitForLock(path: string, { atMost, signal, onWait }: LockPatience): Promise<Lock | undefined> {
  const deadline = atMost === undefined ? Infinity : performance.now() + atMost;
  for (let tries = 0; ; tries += 1) {
    const lock = tryLock(path);
    if (lock || signal?.aborted || performance.now() > deadline) return lock;
    if (tries === 0) onWait?.();
    await pause(50, signal);
  }
}
