/** The program on the machine. It is given one settings file, talks to the store and to nothing else, and outlives whoever started it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { writeDurably } from '../disk/durable.js';
import type { AgentSettings } from '../domain/agent.js';
import { lasting } from '../domain/durations.js';
import { factOf } from '../domain/failures.js';
import { keys } from '../domain/ids.js';
import type { MachineEnd } from '../domain/job.js';
import { guardProcessGroup } from '../process/guardian.js';
import { takeLock } from '../process/lock.js';
import { openStore } from '../store/open.js';
import { createRecord } from '../store/records.js';
import { openLease } from './lease.js';
import { openLog, type AgentLog } from './log.js';
import { work } from './loop.js';
import { paceOf } from './pace.js';
import { openRenderer } from './render.js';
import { spotNotice } from './spot-notice.js';

async function main(settingsFile: string): Promise<void> {
  const settings = settingsIn(settingsFile);
  const { machine, scratch, timeScale } = settings;
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  // A second start of the same machine finds the lock taken and has nothing to do.
  if (!(await takeLock(join(scratch, 'agent.lock')))) return;
  guardProcessGroup();
  await writeDurably(join(scratch, 'agent.pid'), `${process.pid}\n`);

  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  const store = await openStore(settings.store);
  const log = await openLog(store, machine, paceOf(settings.store, timeScale).logs);
  const lease = await openLease({ settings, log: log.line });
  const renderer = openRenderer(settings);
  const notice = watchNotice(settings, log, stop);
  try {
    log.line('agent begins', { pid: process.pid, threads: settings.threads });
    // Started anew, by a restart of the machine, after all was said: what it had claimed may be others' by now.
    const ended = await store.stat(keys.ended(machine));
    const end = ended
      ? undefined
      : await work({ settings, store, renderer, lease, log: log.line, signal: stop.signal });
    const reason = end === 'stopped' && notice.given() ? 'reclaimed' : end;
    log.line(`agent ends: ${reason ?? 'its machine has ended before'}`);
    await log.flush();
    if (reason) await createRecord(store, keys.ended(machine), { machine, reason } satisfies MachineEnd);
    if (reason !== 'stopped') await lease.end();
  } finally {
    notice.end();
    await renderer.close();
    await log.close();
  }
}

/** Paths in the file are relative to its folder. */
function settingsIn(file: string): AgentSettings {
  const settings = JSON.parse(readFileSync(file, 'utf8')) as AgentSettings;
  const at = (path: string): string => resolve(dirname(file), path);
  const { scratch, tools, models, threads } = settings;
  return {
    ...settings,
    scratch: at(scratch),
    tools: { ffmpeg: at(tools.ffmpeg), ffprobe: at(tools.ffprobe) },
    models: models.map(at),
    threads: threads > 0 ? threads : availableParallelism(),
  };
}

/** On a leased machine, the cloud's notice stops the agent like a signal does. */
function watchNotice({ lease, timeScale }: AgentSettings, log: AgentLog, stop: AbortController) {
  const watching = new AbortController();
  let given = false;
  if (lease) {
    const look = { env: process.env, every: lasting('notice', timeScale), log: log.line, signal: watching.signal };
    void spotNotice(look).then((isThere) => {
      given = isThere;
      if (isThere) stop.abort();
    });
  }
  return { given: () => given, end: () => watching.abort() };
}

main(process.argv[2] ?? '').then(
  () => process.exit(0),
  (error: unknown) => {
    // The fleet reads the last line: why the agent ended without a word in the store.
    process.stderr.write(`${JSON.stringify(factOf(error))}\n`);
    process.exit(1);
  },
);
