/** A real Temporal server of its own, and a worker that runs the real workflows with the activities of the test. */
import {
  DefaultLogger,
  Runtime,
  Worker,
  bundleWorkflowCode,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { TASK_QUEUE, TRANSFER_QUEUE } from '../../src/domain/ids.js';
import type { Activities } from '../../src/workflows/activities.js';
import { tools } from './tools.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const silent = new DefaultLogger('ERROR');
let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

export async function temporalServer(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: tools.temporal } },
  });
}

/** Runs `act` while a worker serves both queues with these activities. */
export async function withWorker<T>(
  env: TestWorkflowEnvironment,
  activities: Activities,
  act: () => Promise<T>,
): Promise<T> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: new URL('../../src/workflows/index.ts', import.meta.url).pathname,
    logger: silent,
  });
  const shared = {
    connection: env.nativeConnection,
    activities,
    workflowBundle: await bundle,
    maxHeartbeatThrottleInterval: 200,
  };
  const main = await Worker.create({ ...shared, taskQueue: TASK_QUEUE });
  const transfer = await Worker.create({ ...shared, taskQueue: TRANSFER_QUEUE });
  return main.runUntil(() => transfer.runUntil(act));
}
