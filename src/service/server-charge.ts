/** Temporal's development server as something to supervise. */
import { createConnection } from 'node:net';
import { rm } from 'node:fs/promises';
import type { TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import { pause } from '../process/pause.js';
import { run } from '../process/run.js';
import { temporalVersion } from '../toolchain/temporal-version.js';
import { mending, prepareDatabase } from './database.js';
import type { Log } from './log.js';
import { databaseOf, portsOf, recordOf } from './places.js';
import { choosePorts } from './ports.js';
import { writeRecord } from './records.js';
import { addressOf, healthArgv, LOOPBACK, retentionArgv, serverArgv, uiAddressOf } from './server-argv.js';
import type { ServerPorts } from './server-argv.js';
import type { Charge, Prepared } from './supervisor.js';

const LOOK_MS = 50;
const STOP_MS = 15_000;

/** @param locate finds the Temporal CLI anew for every start: `taaf setup` may have run in between */
export function serverCharge(paths: TaafPaths, locate: () => Promise<string>, log: Log): Charge {
  const database = databaseOf(paths);
  return {
    name: 'Temporal server',
    stopMs: STOP_MS,
    clear: () => rm(recordOf(paths, 'server'), { force: true }),
    hopeless: async (evidence) =>
      new Failure('temporal-unreachable', 'Temporal’s server does not start', {
        evidence,
        next: await mending(database),
      }),
    prepare: async (): Promise<Prepared> => {
      const temporal = await locate();
      const { server } = await temporalVersion(temporal);
      const copy = await prepareDatabase(database, server);
      if (copy !== undefined) log.say('copied the database before the upgrade', { copy, server });
      const ports = await choosePorts(portsOf(paths));
      return {
        argv: serverArgv(temporal, ports, database),
        env: process.env,
        ready: async (gone) => {
          if (!(await answers(temporal, ports, gone))) return;
          await run(retentionArgv(temporal, ports), { signal: gone });
          const addresses = { address: addressOf(ports), uiAddress: uiAddressOf(ports) };
          await writeRecord(paths, 'server', {
            pid: process.pid,
            ...addresses,
            version: server,
            startedAt: new Date().toISOString(),
          });
          log.say('the Temporal server is ready', addresses);
        },
      };
    },
  };
}

/** True as soon as the server says that it is well; false when it is gone. */
async function answers(temporal: string, ports: ServerPorts, gone: AbortSignal): Promise<boolean> {
  while (!gone.aborted) {
    // A look at the port is cheap; the CLI's health check is a program of 150 MB.
    if ((await listens(ports.grpc)) && (await isHealthy(temporal, ports, gone))) return true;
    await pause(LOOK_MS, gone);
  }
  return false;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: LOOPBACK, port });
    const answer = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });

async function isHealthy(temporal: string, ports: ServerPorts, signal: AbortSignal): Promise<boolean> {
  try {
    await run(healthArgv(temporal, ports), { signal, failure: { kind: 'temporal-unreachable', what: 'not yet' } });
    return true;
  } catch (error) {
    if (error instanceof Failure && (error.kind === 'temporal-unreachable' || error.kind === 'cancelled')) return false;
    throw error;
  }
}
