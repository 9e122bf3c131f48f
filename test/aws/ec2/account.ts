/** What EC2's actions share: instances, tokens, quotas, and what a script says about capacity. */
import type { World } from '../service.js';
import type { Instances } from './instances.js';
import type { Market } from './types.js';
import type { Tokens } from './tokens.js';

/** A place without capacity; what is not named means all. */
export interface CapacityScript {
  readonly type?: string;
  readonly zone?: string;
  readonly market?: Market;
  /** How many launches still go through; absent: none. */
  readonly left?: number;
}

/** Launches that come back otherwise than they were asked for. */
export interface LaunchTwist {
  readonly shutdownBehavior?: 'stop';
  readonly httpTokens?: 'optional';
  readonly encrypted?: false;
  readonly deleteOnTermination?: false;
  /** How many launches; absent: all. */
  readonly times?: number;
}

export interface Account {
  readonly world: World;
  readonly instances: Instances;
  readonly tokens: Tokens;
  /** vCPUs of G and VT instances for each market. */
  readonly quotas: Record<Market, number>;
  /** Whether the account has quotas of its own; without them GetServiceQuota knows none, and the defaults (0) hold. */
  ownQuotas: boolean;
  capacity: { readonly script: CapacityScript; used: number }[];
  twists: { readonly twist: LaunchTwist; used: number }[];
  /** Whether launches must be as TAAF promises them, beyond what EC2 demands. */
  readonly houseRules: boolean;
}
