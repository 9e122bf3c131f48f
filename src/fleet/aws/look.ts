/** One machine in EC2, and when its absence is proven: EC2 hides a new machine for a while. */
import { pause } from '../../process/pause.js';
import type { MachineRef } from '../port.js';
import type { AwsFleetDeps, Site } from './deps.js';
import { findInstances, isAlive, theInstance, type Instance } from './instances.js';
import { limits, waiting } from './limits.js';

/** All that EC2 shows of a machine, ended ones too, oldest first. */
export const instancesOf = ({ ec2, place }: Site, ref: MachineRef): Promise<Instance[]> =>
  findInstances(ec2, { install: place.install, season: ref.season, machine: ref.machine });

/** The instance that a machine is, as far as EC2 shows it now. */
export async function look(site: Site, ref: MachineRef): Promise<Instance | undefined> {
  const { launched } = await site.book.read(ref.machine);
  return theInstance(await instancesOf(site, ref), launched?.instance);
}

/** Whether EC2 would show by now what was asked for then. */
export const wouldShow = (site: Site, askedAt: number): boolean => site.now() - askedAt >= limits.absence;

/** Until the next look; a signal ends the waiting by its own error. */
export async function untilNextLook(deps: AwsFleetDeps, signal: AbortSignal): Promise<void> {
  await pause(waiting('look', deps.timeScale), signal);
  signal.throwIfAborted();
}

/**
 * Looks until what a request made shows, or it is proven that it made nothing: twice empty, two minutes after it was sent.
 * @returns whether the machine is there, or was
 */
export async function shows(
  deps: AwsFleetDeps,
  site: Site,
  ref: MachineRef,
  request: { readonly token: string | undefined; readonly sentAt: number },
  signal: AbortSignal,
): Promise<boolean> {
  for (let empty = 0; empty < 2;) {
    const found = await instancesOf(site, ref);
    if (found.some((instance) => isAlive(instance) || instance.token === request.token)) return true;
    if (wouldShow(site, request.sentAt)) empty += 1;
    await untilNextLook(deps, signal);
  }
  return false;
}
