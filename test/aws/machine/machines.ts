/** The machines behind the instances: what happens in them when they boot and end, their roles, and the notice before a reclaim. */
import type { Instance } from '../ec2/instance.js';
import type { Instances, LifeEvents } from '../ec2/instances.js';
import type { Caller, World } from '../service.js';
import { Machine } from './host.js';
import { readDeadMan } from './dead-man.js';

/** What stands in for the programs of a machine that runs none: for big simulations, and for Windows. */
export interface VirtualDriver {
  readonly booted?: (instance: Instance) => void;
  readonly ended?: (instance: Instance) => void;
  /** What a document's step does there. */
  readonly command?: (instance: Instance, command: VirtualCommand) => Promise<VirtualOutcome>;
}

export interface VirtualCommand {
  readonly document: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
}

export interface VirtualOutcome {
  readonly code: number;
  readonly output?: string;
  readonly errors?: string;
}

const NOTICE_SECONDS = 120;
const OFF = ['Client.InstanceInitiatedShutdown', 'Instance initiated shutdown'] as const;

export class Machines implements LifeEvents {
  readonly driver: VirtualDriver;
  readonly #world: World;
  readonly #real: boolean;
  readonly #instances: () => Instances;
  readonly #machines = new Map<string, Machine>();
  readonly #notices = new Map<string, string>();
  /** Timers of machines that run nothing: `shutdown` and `deadline`, with how to call them off. */
  readonly #timers = new Map<string, Map<string, () => void>>();
  readonly #lost = new Set<string>();
  /** Work in the background that the end waits for. */
  readonly #running = new Set<Promise<void>>();

  constructor(
    world: World,
    instances: () => Instances,
    options: { readonly real: boolean; readonly driver: VirtualDriver },
  ) {
    this.#world = world;
    this.#instances = instances;
    this.#real = options.real;
    this.driver = options.driver;
  }

  /** Its machine, while it is up. */
  find(instanceId: string): Machine | undefined {
    const machine = this.#machines.get(instanceId);
    return machine?.up === true ? machine : undefined;
  }

  isReal = ({ image }: Instance): boolean => this.#real && image.system === 'linux';

  /** Whether SSM's agent on it answers; it can be lost while the machine runs on. */
  agentAnswers = (instance: Instance): boolean => instance.state === 'running' && !this.#lost.has(instance.id);

  setAgent(instanceId: string, state: 'online' | 'lost'): void {
    if (state === 'lost') this.#lost.add(instanceId);
    else this.#lost.delete(instanceId);
  }

  /** Whose key it is, when it is a machine's. */
  caller(accessKey: string): Caller | undefined {
    const instance = this.#instances().all.find(({ id }) => keyOf(id) === accessKey);
    const role = instance === undefined ? undefined : this.#roleOf(instance);
    if (instance === undefined || role === undefined) return undefined;
    return {
      arn: `arn:aws:sts::${this.#world.account}:assumed-role/${role}/${instance.id}`,
      instanceId: instance.id,
    };
  }

  booted = (instance: Instance): void => {
    this.#world.journal({ kind: 'booted', instance: instance.id });
    if (this.isReal(instance)) this.#background(this.#machine(instance).boot());
    else {
      this.#armDeadMan(instance);
      this.driver.booted?.(instance);
    }
  };

  ended = (instance: Instance): void => {
    for (const cancel of this.#timers.get(instance.id)?.values() ?? []) cancel();
    this.#timers.delete(instance.id);
    const machine = this.#machines.get(instance.id);
    if (machine !== undefined) this.#background(machine.end());
    else this.driver.ended?.(instance);
  };

  /** What the agent of a machine that runs nothing would do with `shutdown`: move its end, or call it off. */
  endAfter(instanceId: string, seconds: number | undefined): void {
    const instance = this.#instances().find(instanceId);
    if (instance === undefined) throw new Error(`no instance ${instanceId}`);
    this.#timers.get(instanceId)?.get('shutdown')?.();
    this.#timers.get(instanceId)?.delete('shutdown');
    if (seconds !== undefined) this.#timer(instance, 'shutdown', this.#world.now() + seconds * 1000);
  }

  /** A spot machine is told, and taken back when the time has come. */
  reclaim(instanceId: string, seconds = NOTICE_SECONDS): void {
    const instance = this.#instances().find(instanceId);
    if (instance?.market !== 'spot' || instance.state !== 'running')
      throw new Error(`${instanceId} is no running spot machine`);
    const time = this.#world.now() + seconds * 1000;
    this.#notices.set(instanceId, new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'));
    this.#world.journal({ kind: 'spot-notice', instance: instanceId, seconds });
    this.#world.at(time, () =>
      this.#instances().terminate(instance, 'Server.SpotInstanceTermination', 'Spot instance termination'),
    );
  }

  /** Ends every machine's processes, and returns when none is left. */
  async stop(): Promise<void> {
    for (const machine of this.#machines.values()) this.#background(machine.end());
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  #machine(instance: Instance): Machine {
    const have = this.#machines.get(instance.id);
    if (have !== undefined) return have;
    const facts = {
      instance,
      role: this.#roleOf(instance),
      accessKey: keyOf(instance.id),
      notice: () => this.#notices.get(instance.id),
    };
    const made = new Machine(this.#world, facts, { poweredOff: (reboot) => this.#poweredOff(instance, reboot) });
    this.#machines.set(instance.id, made);
    return made;
  }

  #poweredOff(instance: Instance, reboot: boolean): void {
    const instances = this.#instances();
    if (reboot) instances.reboot(instance);
    else if (instance.shutdownBehavior === 'terminate') instances.terminate(instance, ...OFF);
    else instances.stop(instance, ...OFF);
  }

  /** A machine that runs nothing still ends itself: the timers in its user data are understood and kept. */
  #armDeadMan(instance: Instance): void {
    const deadMan = readDeadMan(instance.image.system, instance.userData?.toString('utf8') ?? '');
    this.#world.journal({ kind: 'user-data-understood', instance: instance.id, ...deadMan });
    this.endAfter(instance.id, instance.boots === 1 ? deadMan?.first : deadMan?.everyBoot);
    if (deadMan?.deadline !== undefined) this.#timer(instance, 'deadline', deadMan.deadline);
  }

  #timer(instance: Instance, name: string, time: number): void {
    const timers = this.#timers.get(instance.id) ?? new Map<string, () => void>();
    this.#timers.set(instance.id, timers);
    timers.get(name)?.();
    timers.set(
      name,
      this.#world.at(time, () => this.#poweredOff(instance, false)),
    );
  }

  #roleOf({ profileArn }: Instance): string | undefined {
    const profile = profileArn?.split('/').at(-1);
    if (profile === undefined) return undefined;
    const { Roles } = (this.#world.resources.get(profile)?.properties ?? {}) as { readonly Roles?: readonly string[] };
    return Roles?.[0] ?? profile;
  }

  #background(work: Promise<void>): void {
    const entry = work
      .catch((error: unknown) => this.#world.journal({ kind: 'double-is-broken', error: String(error) }))
      .finally(() => this.#running.delete(entry));
    this.#running.add(entry);
  }
}

/** Access key of a machine's role. */
const keyOf = (instanceId: string): string => `ASIA${instanceId.slice(-16).toUpperCase()}`;
