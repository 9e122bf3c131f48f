/** What SSM's actions share: the machines it reaches, the commands it was given, and what scripts say of them. */
import type { Account } from '../ec2/account.js';
import type { Instance } from '../ec2/instance.js';
import type { Machines } from '../machine/machines.js';
import type { SessionChannel, World } from '../service.js';
import type { ScriptedOutcome, SsmCommand } from './command.js';

export interface SsmFleet {
  readonly world: World;
  readonly account: Account;
  readonly machines: Machines;
  readonly commands: SsmCommand[];
  /** Outcomes of the next commands, in order. */
  readonly outcomes: ScriptedOutcome[];
  readonly kills: 'shell' | 'group';
  readonly sessions: SessionChannel | undefined;
}

/** Machines that SSM has heard of and that run; without a role an agent never registers, and before its system is up there is none. */
export function registered({ account, machines, world }: SsmFleet, region: string): Instance[] {
  const { agent, agentWindows } = account.instances.delays;
  return account.instances.listed(region).filter((instance) => {
    const { id, ran, image, state, profileArn } = instance;
    const from = ran.at(-1)?.from;
    if (state !== 'running' || from === undefined || profileArn === undefined) return false;
    if (machines.isReal(instance) && machines.find(id) === undefined) return false;
    return from + (image.system === 'windows' ? agentWindows : agent) <= world.now();
  });
}
