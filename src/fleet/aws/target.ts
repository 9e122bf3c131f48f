/** The living instance of a machine, as those who configure it and talk to it are told of it. */
import type { MachineRef } from '../port.js';
import type { AwsFleetDeps, Site } from './deps.js';
import { isAlive } from './instances.js';
import { look } from './look.js';
import type { Target } from './ports.js';

export interface Leased extends Target {
  /** When the machine ends in any case, as its tag says: milliseconds since the epoch. */
  readonly endsAt: number;
}

/** `undefined` where none lives: what became of it is the watch's to tell. */
export async function targetOf(deps: AwsFleetDeps, site: Site, ref: MachineRef): Promise<Leased | undefined> {
  const instance = await look(site, ref);
  if (!instance || !isAlive(instance)) return undefined;
  const { system } = await deps.order(ref.season);
  return { place: site.place, ref, instanceId: instance.id, system, endsAt: instance.deadline };
}
