/** All instances of the account, and the steps of their lives on the double's clock. */
import type { World } from '../service.js';
import { isAlive, type Instance, type InstanceState } from './instance.js';
import { instanceTypes, type Market } from './types.js';

/** Milliseconds of the double's clock. */
export interface Delays {
  /** From the launch until the API knows of it. */
  readonly visible: number;
  readonly running: number;
  /** From running until the system is up and user data runs. */
  readonly boot: number;
  readonly bootWindows: number;
  /** From running until SSM says Online. */
  readonly agent: number;
  readonly agentWindows: number;
  readonly stopping: number;
  readonly shuttingDown: number;
  /** How long a terminated instance is still listed. */
  readonly remembered: number;
}

export const usualDelays: Delays = {
  visible: 2_000,
  running: 15_000,
  boot: 20_000,
  bootWindows: 150_000,
  agent: 30_000,
  agentWindows: 200_000,
  stopping: 20_000,
  shuttingDown: 30_000,
  remembered: 3_600_000,
};

/** What a machine's owner hears of its instance. */
export interface LifeEvents {
  readonly booted: (instance: Instance) => void;
  readonly ended: (instance: Instance) => void;
}

export class Instances {
  readonly all: Instance[] = [];
  readonly delays: Delays;
  readonly #world: World;
  readonly #events: LifeEvents;
  readonly #stuck = new Set<string>();

  constructor(world: World, delays: Delays, events: LifeEvents) {
    this.#world = world;
    this.delays = delays;
    this.#events = events;
  }

  add(instance: Instance): void {
    this.all.push(instance);
    this.#world.journal({ kind: 'launched', instance: instance.id, type: instance.type, market: instance.market });
    this.#later(this.delays.running, instance, 'pending', () => this.#run(instance));
  }

  find = (id: string): Instance | undefined => this.all.find((instance) => instance.id === id);

  /** Those that the API lists in a region now. */
  listed(region: string): Instance[] {
    const now = this.#world.now();
    return this.all.filter(
      (instance) =>
        instance.region === region &&
        instance.visibleAt <= now &&
        (instance.terminatedAt === undefined || now - instance.terminatedAt < this.delays.remembered),
    );
  }

  /** vCPUs in use of a market's quota. */
  vcpus(market: Market): number {
    return this.all
      .filter(
        (instance) => instance.market === market && (instance.state === 'pending' || instance.state === 'running'),
      )
      .reduce((sum, { type }) => sum + (instanceTypes[type]?.vcpus ?? 0), 0);
  }

  start(instance: Instance): void {
    if (instance.state !== 'stopped') return;
    this.#enter(instance, 'pending');
    this.#later(this.delays.running, instance, 'pending', () => this.#run(instance));
  }

  stop(instance: Instance, code: string, message: string): void {
    if (instance.state !== 'running' && instance.state !== 'pending') return;
    this.#halt(instance, 'stopping', code, message);
    this.#later(this.delays.stopping, instance, 'stopping', () => this.#enter(instance, 'stopped'));
  }

  /** @param stuck it stays `shutting-down` until `unstick` */
  terminate(instance: Instance, code: string, message: string, stuck = false): void {
    if (!isAlive(instance)) return;
    this.#halt(instance, 'shutting-down', code, message);
    if (stuck) this.#stuck.add(instance.id);
    else this.#finish(instance);
  }

  /** Its processes end, and it boots again; it stays `running` and is paid for. */
  reboot(instance: Instance): void {
    if (instance.state !== 'running') return;
    this.#world.journal({ kind: 'rebooted', instance: instance.id });
    this.#events.ended(instance);
    this.#bootSoon(instance);
  }

  unstick(): void {
    for (const id of this.#stuck) {
      const instance = this.find(id);
      if (instance !== undefined) this.#finish(instance);
    }
    this.#stuck.clear();
  }

  #finish(instance: Instance): void {
    this.#later(this.delays.shuttingDown, instance, 'shutting-down', () => {
      instance.terminatedAt = this.#world.now();
      this.#enter(instance, 'terminated');
    });
  }

  #run(instance: Instance): void {
    this.#enter(instance, 'running');
    instance.ran.push({ from: this.#world.now(), to: undefined });
    this.#bootSoon(instance);
  }

  #bootSoon(instance: Instance): void {
    const boots = (instance.boots += 1);
    const { boot, bootWindows } = this.delays;
    this.#world.at(this.#world.now() + (instance.image.system === 'windows' ? bootWindows : boot), () => {
      // Ended, or booting once more since.
      if (instance.state === 'running' && instance.boots === boots) this.#events.booted(instance);
    });
  }

  #halt(instance: Instance, state: InstanceState, code: string, message: string): void {
    const last = instance.ran.at(-1);
    if (last !== undefined) last.to ??= this.#world.now();
    instance.reason = { Code: code, Message: `${code}: ${message}` };
    this.#enter(instance, state);
    this.#events.ended(instance);
  }

  #later(delay: number, instance: Instance, from: InstanceState, act: () => void): void {
    this.#world.at(this.#world.now() + delay, () => {
      if (instance.state === from) act();
    });
  }

  #enter(instance: Instance, state: InstanceState): void {
    instance.state = state;
    this.#world.journal({ kind: 'state', instance: instance.id, state });
  }
}
