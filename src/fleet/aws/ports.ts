/** What the AWS fleet is made of besides EC2 itself: who brings things onto a machine, and who talks to it. Each side is built and tested alone. */
import type { AgentSettings } from '../../domain/agent.js';
import type { AwsPlace, KitRef, MachineSystem } from '../../domain/aws.js';
import type { MachineRef, Watch } from '../port.js';

/** A launched instance, as the other parts are told of it. */
export interface Target {
  readonly place: AwsPlace;
  readonly ref: MachineRef;
  readonly instanceId: string;
  readonly system: MachineSystem;
}

/** What belongs on a machine. Only opaque ids, hashes and addresses: no title and no path of the laptop. */
export interface Provision {
  /** Node.js, the agent and ffmpeg, packed for the machine's system. */
  readonly kit: KitRef;
  readonly settings: AgentSettings;
  /** The user's own Topaz installer and licence, in the install's bucket. */
  readonly topaz?: { readonly installer: KitRef; readonly licence: { readonly parameter: string } };
}

/** Brings a machine into the state that its profile needs: Ansible. Run again on a machine that is ready it changes nothing. */
export interface Configurer {
  configure(target: Target, provision: Provision, watch: Watch): Promise<void>;
}

/** What SSM says of a machine's own agent; `unknown` until it has registered. */
export type Ping = 'online' | 'lost' | 'unknown';

/** Speaks to a machine through SSM. */
export interface Remote {
  ping(target: Target): Promise<Ping>;
  /** Starts the agent unless it runs or has ended: a singleton on the machine; returns at once. */
  start(target: Target, watch: Watch): Promise<void>;
  /** Ends the agent and its whole process tree; best effort, never a gate. */
  stop(target: Target): Promise<void>;
}
