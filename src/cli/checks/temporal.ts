/** Checks of Temporal: where it is, whether it answers, whether a worker listens. */
import { temporalPlace } from '../../connection/place.js';
import { TASK_QUEUE } from '../../domain/ids.js';
import type { Temporal } from '../client.js';
import type { Finding } from '../views/doctor.js';
import type { Check } from './check.js';

export const checkTemporal: Check = async ({ context }) => {
  const place = await temporalPlace(context.env);
  if (place === undefined) return [{ name: 'Temporal', state: 'note', found: 'not running', fix: 'Run: taaf up' }];
  // The client costs a tenth of a second: it is loaded when there is somebody to talk to.
  const { connect } = await import('../client.js');
  const temporal = await connect(context.env);
  try {
    const ui = place.uiAddress === undefined ? '' : `, Web UI ${place.uiAddress}`;
    const own = place.embedded ? 'TAAF’s own' : 'yours';
    const server: Finding = {
      name: 'Temporal',
      state: 'ok',
      found: `${place.address}, namespace ${place.namespace} (${own})${ui}`,
    };
    return [server, await workerFinding(temporal)];
  } finally {
    await temporal.close();
  }
};

async function workerFinding({ client, place }: Temporal): Promise<Finding> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: place.namespace,
    taskQueue: { name: TASK_QUEUE },
  });
  const names = [...new Set(pollers.map(({ identity }) => identity ?? 'unnamed'))];
  if (names.length > 0) return { name: 'worker', state: 'ok', found: `${names.join(', ')} on queue ${TASK_QUEUE}` };
  return {
    name: 'worker',
    state: 'bad',
    found: `nobody listens on queue ${TASK_QUEUE}`,
    fix: place.embedded ? 'Run: taaf up' : 'Run: taaf worker',
  };
}
