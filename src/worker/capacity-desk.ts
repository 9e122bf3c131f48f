/** The capacity workflow, started by whoever asks it first. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { CapacityDesk } from '../activities/ports.js';
import { CAPACITY_WORKFLOW_ID, TASK_QUEUE } from '../domain/ids.js';
import type { CapacityInput } from '../workflows/capacity.js';
import { requestLeaseSignal, returnLeaseSignal } from '../workflows/messages.js';

export function capacityDesk(client: Client, timeScale: number): CapacityDesk {
  const start = {
    workflowId: CAPACITY_WORKFLOW_ID,
    taskQueue: TASK_QUEUE,
    args: [{ state: { leases: [], queue: [] }, timeScale } satisfies CapacityInput] as [CapacityInput],
    staticSummary: 'Leases of machines, shared by all seasons',
  };
  return {
    async request(request) {
      await client.workflow.signalWithStart('capacity', {
        ...start,
        signal: requestLeaseSignal,
        signalArgs: [request],
      });
    },
    async giveBack(workflowId) {
      await client.workflow.signalWithStart('capacity', {
        ...start,
        signal: returnLeaseSignal,
        signalArgs: [workflowId],
      });
    },
    async isOpen(workflowId) {
      try {
        return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}
