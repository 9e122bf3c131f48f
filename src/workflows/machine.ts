/** One launch of one machine: lease, launch, configure, start, watch; and whatever happens, released and its lease returned. */
import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { lasting } from '../domain/durations.js';
import type { MachineEnded, MachineTask } from './activities.js';
import { factOfFailure } from './failure.js';
import { drainSignal, leaseGrantedSignal, machineNewsSignal, type LeaseRequest, type MachineView } from './messages.js';
import { activitiesFor } from './options.js';
import { undoStack } from './undo.js';

export interface MachineInput extends MachineTask {
  readonly pools: LeaseRequest['pools'];
  readonly timeScale: number;
}

export interface MachineResult {
  readonly drained: boolean;
  readonly ended: MachineEnded;
}

export async function machine(input: MachineInput): Promise<MachineResult> {
  const { season, episode, machine: id, fleet, pools, timeScale } = input;
  const task: MachineTask = { season, episode, machine: id, fleet };
  const acts = activitiesFor(timeScale);
  const { workflowId, parent } = workflowInfo();
  const told = { granted: false, drain: false };
  setHandler(leaseGrantedSignal, () => void (told.granted = true));
  setHandler(drainSignal, () => void (told.drain = true));

  const tell = async (step: MachineView['step']): Promise<void> => {
    if (parent)
      await getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(machineNewsSignal, { id, step });
  };

  const undo = undoStack();
  try {
    undo.push(() => acts.returnLease(workflowId));
    await acts.requestLease({ season, machine: id, episode, fleet, workflowId, pools });
    await condition(() => told.granted || told.drain);
    if (told.drain) return { drained: true, ended: { state: 'ended' } };

    undo.push(() => acts.releaseMachine(task));
    await lengthy('launching', acts.launchMachine(task));
    await lengthy('configuring', acts.configureMachine(task));
    await acts.startAgent(task);
    await tell('working');
    const ended = await watch();
    return { drained: told.drain, ended };
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    return { drained: told.drain, ended: { state: 'lost', failure: factOfFailure(error) } };
  } finally {
    await undo.unwind();
  }

  /** A step that takes minutes in a cloud and nothing on this computer: the season hears of it when it lasts. */
  async function lengthy(step: MachineView['step'], act: Promise<void>): Promise<void> {
    let over = false;
    const ended = act.finally(() => (over = true));
    // Shielded: a cancelled wait would leave while the act is still under way, and undo it beside itself.
    const isQuick = CancellationScope.nonCancellable(() => condition(() => over, lasting('worthTelling', timeScale)));
    await Promise.all([ended, isQuick.then((quick) => (quick ? undefined : tell(step)))]);
  }

  /** Watches the agent to its end, and asks it once to finish early when somebody wants the machine back. */
  async function watch(): Promise<MachineEnded> {
    const watching = acts.watchMachine(task);
    const asked = await Promise.race([watching.then(() => false), condition(() => told.drain).then(() => true)]);
    if (asked) await acts.drainMachine(task);
    return watching;
  }
}
