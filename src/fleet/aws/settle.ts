/** A machine that EC2 has given, until it runs and is what was asked for; one that is not is ended at once. */
import type { MachineRef, Watch } from '../port.js';
import type { AwsFleetDeps, Site } from './deps.js';
import { endAll } from './end.js';
import { diedOfCapacity } from './fate.js';
import { isAlive, type Instance } from './instances.js';
import { limits } from './limits.js';
import { look, untilNextLook, wouldShow } from './look.js';
import { faultsOf, rejection } from './verify.js';

/**
 * @returns whether this launch is over; `false` when EC2 had no room after all
 * @throws Failure `configure-failed` when the machine was ended because of what it is
 */
export async function settle(deps: AwsFleetDeps, site: Site, ref: MachineRef, watch: Watch): Promise<boolean> {
  let began: number | undefined;
  for (;;) {
    const instance = await look(site, ref);
    began ??= site.now();
    const late = site.now() - began >= limits.pending;
    if (instance?.state === 'running' || (instance && isAlive(instance) && late)) {
      await reject(deps, site, ref, watch, instance);
      return true;
    }
    if (instance && !isAlive(instance)) {
      if (!diedOfCapacity(instance)) return true;
      watch.report(`${instance.id}: EC2 had no room after all`);
      await site.book.forget(ref.machine, 'launched');
      return false;
    }
    // Never shown at all: what became of it is the watch's to tell.
    if (!instance && wouldShow(site, began)) return true;
    await untilNextLook(deps, watch.signal);
  }
}

async function reject(
  deps: AwsFleetDeps,
  site: Site,
  ref: MachineRef,
  watch: Watch,
  instance: Instance,
): Promise<void> {
  const faults = await faultsOf(site.ec2, instance);
  if (faults.length === 0) return;
  const failure = rejection(ref.machine, instance, faults);
  await site.book.note(ref.machine, { rejected: failure.fact() });
  await endAll(deps, site, ref, watch);
  throw failure;
}
