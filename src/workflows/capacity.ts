/** One per install: grants leases from named pools, so that seasons, replacements and helpers share one truth. */
import { condition, continueAsNew, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import { lasting } from '../domain/durations.js';
import {
  nextGrant,
  nextToYield,
  untilYield,
  withGrant,
  without,
  withRequest,
  withYield,
  type CapacityState,
} from './capacity-state.js';
import { nowMs } from './clock.js';
import { drainSignal, leaseGrantedSignal, requestLeaseSignal, returnLeaseSignal } from './messages.js';
import { activitiesFor } from './options.js';
import { tellIfOpen } from './tell.js';

export interface CapacityInput {
  readonly state: CapacityState;
  readonly timeScale: number;
}

export async function capacity({ state: initial, timeScale }: CapacityInput): Promise<void> {
  const acts = activitiesFor(timeScale);
  const quantum = lasting('quantum', timeScale);
  let state = initial;
  let changed = true;
  const change = (next: CapacityState): void => {
    state = next;
    changed = true;
  };
  setHandler(requestLeaseSignal, (request) => change(withRequest(state, request)));
  setHandler(returnLeaseSignal, (workflowId) => change(without(state, workflowId)));

  for (;;) {
    changed = false;
    for (let request = nextGrant(state); request; request = nextGrant(state)) {
      const { workflowId } = request;
      state = withGrant(state, request, nowMs());
      // Nobody there to take it: nothing was launched on this lease, so it is free at once.
      const granted = getExternalWorkflowHandle(workflowId).signal(leaseGrantedSignal);
      if (!(await tellIfOpen(granted))) state = without(state, workflowId);
    }
    const holder = nextToYield(state, nowMs(), quantum);
    if (holder) {
      state = withYield(state, holder.workflowId);
      // One whose workflow is closed gives its lease back at the next audit.
      await tellIfOpen(getExternalWorkflowHandle(holder.workflowId).signal(drainSignal, 'fair-share'));
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof capacity>({ state, timeScale });
    if (!(await condition(() => changed, wait()))) {
      for (const workflowId of await acts.auditLeases(state.leases)) state = without(state, workflowId);
    }
  }

  /** Until somebody must give way, or the next audit; for ever when there is nothing to look after. */
  function wait(): number {
    const audit = lasting('leaseAudit', timeScale);
    if (state.leases.length === 0) return lasting('long', timeScale);
    return Math.max(1, Math.min(untilYield(state, nowMs(), quantum) ?? audit, audit));
  }
}
