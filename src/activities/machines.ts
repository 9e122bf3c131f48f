/** Machines: each start is idempotent and short, the watch only looks. Nothing here ends a machine because it was itself cancelled. */
import { lasting } from '../domain/durations.js';
import { launchOfMachine, keys, machineId } from '../domain/ids.js';
import { pause } from '../process/pause.js';
import type { MachineRef, Watch } from '../fleet/port.js';
import { createRecord } from '../store/records.js';
import type { Activities, MachineEnded, MachineTask } from '../workflows/activities.js';
import { activity, type ActivityContext } from './boundary.js';
import type { Ports } from './ports.js';

type MachineActivities = Pick<
  Activities,
  | 'nextLaunch'
  | 'launchMachine'
  | 'configureMachine'
  | 'startAgent'
  | 'watchMachine'
  | 'drainMachine'
  | 'releaseMachine'
>;

const refOf = ({ season, machine, episode }: MachineTask): MachineRef => ({ season, machine, episode });
const watchOf = ({ signal, report }: ActivityContext): Watch => ({ signal, report });

export const machineActivities = (ports: Ports): MachineActivities => ({
  nextLaunch: activity(async ({ season, episode, fleet }) => {
    const stores = [await ports.store(season), ports.kept(season)];
    const prefixes = [keys.machines, keys.allLogs];
    const listed = (await Promise.all(stores.flatMap((store) => prefixes.map((prefix) => store.list(prefix))))).flat();
    const known = [...listed.map(({ key }) => key.split('/')[1] ?? ''), ...(await ports.fleet(fleet).find(season))];
    const launches = known.map((name) =>
      name === machineId(episode, launchOfMachine(name)) ? launchOfMachine(name) : 0,
    );
    return Math.max(0, ...launches) + 1;
  }),
  launchMachine: activity((task, context) => ports.fleet(task.fleet).launch(refOf(task), watchOf(context))),
  configureMachine: activity((task, context) => ports.fleet(task.fleet).configure(refOf(task), watchOf(context))),
  startAgent: activity((task, context) => ports.fleet(task.fleet).start(refOf(task), watchOf(context))),
  watchMachine: activity((task, context) => watch(ports, task, context)),
  drainMachine: activity(async ({ season, machine }) => {
    await createRecord(await ports.store(season), keys.drain(machine), { machine });
  }),
  releaseMachine: activity((task, context) => ports.fleet(task.fleet).release(refOf(task), watchOf(context))),
});

/** Looks until the agent has ended, or is gone, or lives without a beat for too long. */
async function watch(ports: Ports, task: MachineTask, { signal }: ActivityContext): Promise<MachineEnded> {
  const fleet = ports.fleet(task.fleet);
  const life = await ports.life(task.season);
  const look = lasting((await ports.isFar(task.season)) ? 'machineLookFar' : 'machineLook', ports.timeScale);
  for (;;) {
    signal.throwIfAborted();
    const { state, failure } = await fleet.status(refOf(task));
    if (state === 'ended') return { state: 'ended' };
    if (state === 'absent' || state === 'lost') return { state: 'lost', ...(failure ? { failure } : {}) };
    const view = await life.look();
    const beats = view.alive.some(({ machine }) => machine === task.machine);
    const began = await (await ports.store(task.season)).stat(keys.progress(task.machine));
    if (began && !beats) {
      const what = `The agent ${task.machine} lives but has said nothing for too long`;
      return { state: 'lost', failure: { kind: 'stalled', what } };
    }
    await pause(look, signal);
  }
}
