/** What became of a machine: EC2's state, its own record in the store, and SSM's ping, each asked for what it knows. */
import { keys } from '../../domain/ids.js';
import type { MachineEnd } from '../../domain/job.js';
import { readRecord } from '../../store/records.js';
import type { MachineRef, MachineStatus } from '../port.js';
import { siteOf, type AwsFleetDeps, type Site } from './deps.js';
import { fateOf, isReclaimed } from './fate.js';
import { isAlive, type Instance } from './instances.js';
import { limits } from './limits.js';
import { look, wouldShow } from './look.js';
import { targetOf } from './target.js';

export async function status(deps: AwsFleetDeps, ref: MachineRef): Promise<MachineStatus> {
  const site = await siteOf(deps, ref.season);
  const store = await deps.store(ref.season);
  const instance = await look(site, ref);
  // An agent that hears of its end says goodbye; that it was taken is still what counts.
  if (instance && !isAlive(instance) && isReclaimed(instance)) {
    return { state: 'lost', failure: fateOf(ref.machine, instance) };
  }
  const end = await readRecord<MachineEnd>(store, keys.ended(ref.machine));
  if (end.state === 'found' && end.record.reason === 'reclaimed') {
    const what = `The machine ${ref.machine} is to be taken back: EC2 has told its agent`;
    return { state: 'lost', failure: { kind: 'spot-reclaimed', what } };
  }
  if (end.state !== 'absent') return { state: 'ended' };
  if (!instance) return (await mayShowYet(site, ref)) ? { state: 'launched' } : { state: 'absent' };
  if (!isAlive(instance)) return { state: 'lost', failure: fateOf(ref.machine, instance) };
  // SSM may be silent while the agent renders: what it writes is the proof, and whether that is fresh is the watcher's to see.
  if (await store.stat(keys.progress(ref.machine))) return { state: 'working' };
  return overdue(deps, site, ref, instance);
}

/** Not shown: too young to be, or gone; seen twice before it is believed. */
async function mayShowYet(site: Site, ref: MachineRef): Promise<boolean> {
  const { launched, intent } = await site.book.read(ref.machine);
  const since = Math.max(launched?.at ?? 0, intent?.sentAt ?? 0);
  return !wouldShow(site, since) || (await look(site, ref)) !== undefined;
}

/** A machine whose agent never began within the boot's limit should have ended itself; if it has not, it is ended. */
async function overdue(deps: AwsFleetDeps, site: Site, ref: MachineRef, instance: Instance): Promise<MachineStatus> {
  const { launched } = await site.book.read(ref.machine);
  const age = site.now() - (launched?.at ?? instance.launchedAt);
  if (age < limits.boot + limits.bootGrace) return { state: 'launched' };
  const target = await targetOf(deps, site, ref);
  const ping = target ? await deps.remote.ping(target) : 'unknown';
  return {
    state: 'lost',
    failure: {
      kind: 'machine-lost',
      what: `The agent of ${ref.machine} has not begun within ${Math.round(limits.boot / 60_000)} minutes of its launch`,
      evidence: `${instance.id} ${instance.state}, SSM: ${ping}`,
    },
  };
}
