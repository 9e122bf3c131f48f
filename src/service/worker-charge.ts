/** TAAF's worker as something to supervise. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import { buildId } from './build.js';
import { embeddedAddress } from './connection.js';
import { logOf, recordOf } from './places.js';
import { writeRecord } from './records.js';
import type { Charge, Prepared } from './supervisor.js';

/** The worker drains for so long, and then some: it knows better than we when it may end. */
const STOP_MS = 60_000;

/** The line by which the worker says that it takes work. */
export const WORKER_READY = 'worker is ready';

/** @param program absolute path of the worker's bundle */
export function workerCharge(paths: TaafPaths, program: string): Charge {
  return {
    name: 'worker',
    stopMs: STOP_MS,
    clear: () => rm(recordOf(paths, 'worker'), { force: true }),
    hopeless: (evidence) => {
      const next = `Look at ${logOf(paths, 'worker')}, then run: taaf up`;
      return Promise.resolve(new Failure('bug', 'The worker does not start', { evidence, next }));
    },
    prepare: async (): Promise<Prepared> => {
      const address = await embeddedAddress(paths);
      const build = await buildId(dirname(program));
      const said = announcement();
      return {
        argv: [process.execPath, program],
        env: { ...process.env, TAAF_GROUP_LEADER: '1' },
        onLine: said.onLine,
        ready: async (gone) => {
          if (!(await said.before(gone))) return;
          const startedAt = new Date().toISOString();
          await writeRecord(paths, 'worker', {
            pid: process.pid,
            build,
            startedAt,
            ...(address === undefined ? {} : { address }),
          });
        },
      };
    },
  };
}

/** Waits for the line. */
function announcement(): { onLine: (line: string) => void; before: (gone: AbortSignal) => Promise<boolean> } {
  let announce: (is: boolean) => void = () => undefined;
  const announced = new Promise<boolean>((resolve) => (announce = resolve));
  return {
    onLine: (line) => {
      if (line.includes(`"msg":${JSON.stringify(WORKER_READY)}`)) announce(true);
    },
    before: (gone) => {
      gone.addEventListener('abort', () => announce(false), { once: true });
      return announced;
    },
  };
}
