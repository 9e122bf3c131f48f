/** The supervisor's program: `service.js server` or `service.js worker`. Ends with 0 when told to, or when another one is at work. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../config/load.js';
import { taafPaths } from '../config/paths.js';
import type { TaafPaths } from '../config/paths.js';
import { Failure, factOf } from '../domain/failures.js';
import { takeLock } from '../process/lock.js';
import { locateTools } from '../toolchain/locate.js';
import { openLog } from './log.js';
import type { Log } from './log.js';
import { lockOf, logOf, problemOf, recordOf, roles } from './places.js';
import type { Role } from './places.js';
import { signLock, writeProblem } from './records.js';
import { serverCharge } from './server-charge.js';
import { supervise } from './supervisor.js';
import type { Charge } from './supervisor.js';
import { EXIT_HOPELESS } from './units.js';
import { workerCharge } from './worker-charge.js';

const BACKOFF_MS = 500;

function chargeOf(role: Role, paths: TaafPaths, log: Log): Charge {
  if (role === 'worker') return workerCharge(paths, join(dirname(fileURLToPath(import.meta.url)), 'worker.js'));
  const locate = async (): Promise<string> => {
    const { config } = await loadConfig({ paths, env: process.env, cwd: paths.state });
    return (await locateTools(paths, config.tools, process.env)).temporal;
  };
  return serverCharge(paths, locate, log);
}

async function main(name: string | undefined): Promise<number> {
  const role = roles.find((known) => known === name);
  if (role === undefined) throw new Failure('usage', `Which of ${roles.join(', ')}?`);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const paths = taafPaths(process.env);
  const lock = await takeLock(lockOf(paths, role));
  if (!lock) return 0;
  signLock(lock);
  for (const stale of [recordOf(paths, role), problemOf(paths, role)]) rmSync(stale, { force: true });
  const log = openLog(logOf(paths, role));
  try {
    await supervise(chargeOf(role, paths, log), { lockFd: lock.fd, log, signal: stop.signal, backoffMs: BACKOFF_MS });
    return 0;
  } catch (error) {
    const fact = factOf(error);
    log.say('given up', fact);
    await writeProblem(paths, role, fact);
    return error instanceof Failure ? EXIT_HOPELESS : 1;
  } finally {
    await log.close();
  }
}

process.exitCode = await main(process.argv[2]);
