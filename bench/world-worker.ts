/** A worker as `taaf up` runs it, in a process of its own, whose activities cost nothing: `world-worker <ms a step>`. It says `ready`, and ends at a signal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { packageRoot } from '../src/config/package-root.js';
import { TASK_QUEUE, TRANSFER_QUEUE } from '../src/domain/ids.js';
import { capacityDesk } from '../src/worker/capacity-desk.js';
import { connectPatiently } from '../src/worker/connect.js';
import { costlessWorld } from './world.js';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

const connections = await connectPatiently(process.env, stop.signal, (line) => process.stderr.write(`${line}\n`));
if (connections) {
  const { native: connection, client, namespace } = connections;
  const activities = costlessWorld(capacityDesk(client, 1), Number(process.argv[2]));
  const shared = { connection, namespace, activities, maxHeartbeatThrottleInterval: '2s' } as const;
  const workflowBundle = { code: await readFile(join(packageRoot(), 'dist', 'workflows.js'), 'utf8') };
  // The limits of src/worker/main.ts.
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUE,
      workflowBundle,
      maxCachedWorkflows: 200,
      maxConcurrentActivityTaskExecutions: 300,
    }),
    Worker.create({ ...shared, taskQueue: TRANSFER_QUEUE, maxConcurrentActivityTaskExecutions: 2 }),
  ]);
  stop.signal.addEventListener('abort', () => workers.forEach((worker) => worker.shutdown()), { once: true });
  process.stdout.write('ready\n');
  await Promise.all(workers.map((worker) => worker.run()));
  await connections.close();
}
