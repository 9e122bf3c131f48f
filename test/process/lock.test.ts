/** The lock that the kernel frees, and the child that holds it with its supervisor. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import fsx from 'fs-native-extensions';
import { describe, expect, it } from 'vitest';
import { startGuarded } from '../../src/process/guarded.js';
import { isLocked, takeLock, tryLock, waitForLock } from '../../src/process/lock.js';
import type { Lock } from '../../src/process/lock.js';
import { temporaryFolder } from '../helpers/folder.js';
import { groupLives } from '../helpers/processes.js';
import { until } from '../helpers/until.js';

async function locked(): Promise<{ path: string; lock: Lock }> {
  const path = join(await temporaryFolder(), 'one.lock');
  const lock = tryLock(path);
  if (!lock) throw new Error('a new lock is free');
  return { path, lock };
}

describe('a lock', () => {
  it('has one holder, and is free again when he lets it go', async () => {
    const { path, lock } = await locked();
    expect([tryLock(path), isLocked(path)]).toEqual([undefined, true]);
    lock.release();
    expect(isLocked(path)).toBe(false);
  });

  it('is refused at once where another holds it, and taken past one who only looks', async () => {
    const { path, lock } = await locked();
    expect(await takeLock(path)).toBeUndefined();
    lock.release();
    // A look is a shared lock that lasts for an instant; this one lasts until it was in the way.
    const fd = openSync(path, 'a+');
    fsx.tryLock(fd, { shared: true });
    expect(tryLock(path)).toBeUndefined();
    const taking = takeLock(path);
    closeSync(fd);
    const taken = await taking;
    expect(taken && isLocked(path)).toBe(true);
    taken?.release();
  });

  it('is given to the one who waits for it, who is told that he waits', async () => {
    const { path, lock } = await locked();
    const next = await waitForLock(path, { onWait: () => lock.release() });
    expect(next && isLocked(path)).toBe(true);
    next?.release();
  });

  it('is not given to one whose patience or whose signal ends', async () => {
    const { path, lock } = await locked();
    expect(await waitForLock(path, { atMost: 0 })).toBeUndefined();
    expect(await waitForLock(path, { signal: AbortSignal.abort() })).toBeUndefined();
    lock.release();
  });
});

describe('a guarded child', () => {
  it('holds the lock after its starter let it go, and takes its whole group with it', async () => {
    const { path, lock } = await locked();
    const lines: string[] = [];
    const child = startGuarded(['/bin/sh', '-c', 'sleep 1000 & echo ready; wait'], {
      lockFd: lock.fd,
      env: process.env,
      onLine: (line) => lines.push(line),
    });
    lock.release();
    await until(() => lines.includes('ready'));
    expect(isLocked(path)).toBe(true);
    child.stop();
    expect(await child.ended).toBe('SIGTERM');
    await until(() => !isLocked(path));
    await until(() => !groupLives(child.pid));
  });
});
