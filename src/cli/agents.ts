/** Local agents that are at work, known by the locks they hold. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { isLocked } from '../process/lock.js';

/** @param machines a season's folder of machines; it may be missing */
export async function runningAgents(machines: string): Promise<number> {
  try {
    const locks = (await readdir(machines)).map((name) => join(machines, name, 'agent.lock'));
    // Asking for a lock makes its file: that of a machine which is gone must not come back.
    return locks.filter((lock) => existsSync(lock) && isLocked(lock)).length;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
