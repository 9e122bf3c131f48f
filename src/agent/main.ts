/** The program on the machine. It is given one settings file, talks to the store and to nothing else, and outlives whoever started it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../disk/durable.js';
import type { AgentSettings } from '../domain/agent.js';
import { factOf } from '../domain/failures.js';
import { keys } from '../domain/ids.js';
import type { MachineEnd } from '../domain/job.js';
import { guardProcessGroup } from '../process/guardian.js';
import { takeLock } from '../process/lock.js';
import { openStore } from '../store/open.js';
import { createRecord } from '../store/records.js';
import { openLog } from './log.js';
import { work } from './loop.js';
import { openRenderer } from './render.js';

async function main(settingsFile: string): Promise<void> {
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as AgentSettings;
  mkdirSync(settings.scratch, { recursive: true, mode: 0o700 });
  // A second start of the same machine finds the lock taken and has nothing to do.
  if (!(await takeLock(join(settings.scratch, 'agent.lock')))) return;
  guardProcessGroup();
  await writeDurably(join(settings.scratch, 'agent.pid'), `${process.pid}\n`);

  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  const store = await openStore(settings.store);
  const log = openLog(store, settings.machine, settings.timeScale);
  const renderer = openRenderer(settings);
  try {
    log.line('agent begins', { pid: process.pid, threads: settings.threads });
    const reason = await work({ settings, store, renderer, log: log.line, signal: stop.signal });
    log.line(`agent ends: ${reason}`);
    await log.flush();
    const end: MachineEnd = { machine: settings.machine, reason };
    await createRecord(store, keys.ended(settings.machine), end);
  } finally {
    await renderer.close();
    await log.close();
  }
}

main(process.argv[2] ?? '').then(
  () => process.exit(0),
  (error: unknown) => {
    // The fleet reads the last line: why the agent ended without a word in the store.
    process.stderr.write(`${JSON.stringify(factOf(error))}\n`);
    process.exit(1);
  },
);
