/** The worker: settings → ports → activities → two Temporal workers in one process, until a signal. */
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { packageRoot } from '../config/package-root.js';
import { factOf } from '../domain/failures.js';
import { TASK_QUEUE, TRANSFER_QUEUE } from '../domain/ids.js';
import { guardProcessGroup } from '../process/guardian.js';
import { connectPatiently } from './connect.js';
import { settle } from './settle.js';

/** What a worker may still do after it was told to end, and when it ends all the same. */
const GRACE = '20s';
const FORCE = '40s';

async function main(): Promise<void> {
  const say = (line: string, facts: object = {}): void => {
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), msg: line, ...facts })}\n`);
  };
  // Detached (up, a service) it leads a group of its own, and no ffmpeg outlives it.
  if (process.env['TAAF_GROUP_LEADER'] === '1') guardProcessGroup();
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());

  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => say(message, { level, ...meta })),
    shutdownSignals: [],
  });
  const connections = await connectPatiently(process.env, stop.signal, say);
  if (!connections) return;
  const { native, client, namespace } = connections;
  const { ports, paths } = await settle(process.env, client);
  mkdirSync(paths.data, { recursive: true, mode: 0o700 });
  const activities = createActivities(ports);
  const shared = { connection: native, namespace, activities, shutdownGraceTime: GRACE, shutdownForceTime: FORCE };
  const workflowBundle = { code: await readFile(join(packageRoot(), 'dist', 'workflows.js'), 'utf8') };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUE,
      workflowBundle,
      maxCachedWorkflows: 200,
      maxConcurrentActivityTaskExecutions: 300,
      maxHeartbeatThrottleInterval: '2s',
    }),
    Worker.create({
      ...shared,
      taskQueue: TRANSFER_QUEUE,
      maxConcurrentActivityTaskExecutions: 2,
      maxHeartbeatThrottleInterval: '2s',
    }),
  ]);
  stop.signal.addEventListener('abort', () => workers.forEach((worker) => worker.shutdown()), { once: true });
  say('worker is ready', { pid: process.pid, namespace });
  await Promise.all(workers.map((worker) => worker.run()));
  await connections.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${JSON.stringify(factOf(error))}\n`);
    process.exit(1);
  },
);
