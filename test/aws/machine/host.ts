/** A Linux machine that is real: a folder and the processes that run in its name on this computer. */
import { randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../ec2/instance.js';
import type { MachineHost, World } from '../service.js';
import { startImds, type Imds } from './imds.js';
import { killMarked, MARK, markOf } from './processes.js';
import { writePrograms } from './programs.js';
import { linuxShutdown, type ShutdownWish } from './shutdown.js';
import { Units, type Unit } from './units.js';

export interface MachineEvents {
  /** The system turns itself off, or boots again. */
  readonly poweredOff: (reboot: boolean) => void;
}

const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export class Machine implements MachineHost {
  readonly instanceId: string;
  readonly folder: string;
  readonly #world: World;
  readonly #events: MachineEvents;
  readonly #facts: Parameters<typeof startImds>[1];
  readonly #units: Units;
  #imds: Imds | undefined;
  /** Pending timers of this boot: a shutdown, and dates. */
  #shutdown: (() => void) | undefined;
  readonly #timers: (() => void)[] = [];
  #booted = false;

  constructor(world: World, facts: Parameters<typeof startImds>[1], events: MachineEvents) {
    this.instanceId = facts.instance.id;
    this.folder = join(world.folder, 'machines', facts.instance.id);
    this.#world = world;
    this.#facts = facts;
    this.#events = events;
    this.#units = new Units(join(this.folder, 'systemd'), (unit) => this.#startUnit(unit));
  }

  get environment(): Readonly<Record<string, string>> {
    if (this.#imds === undefined) throw new Error(`${this.instanceId} is not up`);
    return {
      PATH: [join(this.folder, 'bin'), ...PATH].join(':'),
      HOME: join(this.folder, 'home'),
      TMPDIR: join(this.folder, 'tmp'),
      USER: 'root',
      LANG: 'C.UTF-8',
      TAAF_ROOT: join(this.folder, 'root'),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: this.#imds.url,
      AWS_ENDPOINT_URL: this.#world.url(),
      TAAF_DOUBLE_ASK: `${this.instanceId} ${this.#world.url()}`,
      [MARK]: markOf(this.instanceId),
    };
  }

  get up(): boolean {
    return this.#imds !== undefined;
  }

  /** The system comes up: at its first boot user data run, at each boot the units that are enabled. */
  async boot(): Promise<void> {
    const { instance } = this.#facts;
    for (const name of ['root', 'home', 'tmp', 'log', 'systemd'])
      await mkdir(join(this.folder, name), { recursive: true });
    await writePrograms(join(this.folder, 'bin'));
    await writeFile(join(this.folder, 'boot_id'), `${randomUUID()}\n`);
    this.#imds = await startImds(this.#world, this.#facts);
    if (this.#booted) await this.#units.boot();
    else await this.#runUserData(instance);
    this.#booted = true;
  }

  /** Everything in it ends at once, as when the power goes. */
  async end(): Promise<void> {
    this.#shutdown?.();
    this.#shutdown = undefined;
    for (const cancel of this.#timers.splice(0)) cancel();
    this.#imds?.close();
    this.#imds = undefined;
    await killMarked(markOf(this.instanceId));
  }

  /** Starts a program as the machine's own, with a session of its own. */
  spawn(argv: readonly [string, ...string[]], more: Readonly<Record<string, string>> = {}): ChildProcess {
    const [program, ...args] = argv;
    return spawn(program, args, {
      cwd: join(this.folder, 'home'),
      env: { ...this.environment, ...more },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** What a program of `bin` asks for. */
  async ask(program: string, argv: readonly string[]): Promise<void> {
    if (program === 'systemctl') return this.#units.control(argv);
    const wish: ShutdownWish | undefined =
      program === 'shutdown' ? linuxShutdown(argv) : { kind: 'arm', seconds: 0, reboot: program === 'reboot' };
    if (wish === undefined) throw new Error(`the double does not know: ${program} ${argv.join(' ')}`);
    this.#wish(wish);
  }

  #wish(wish: ShutdownWish): void {
    this.#shutdown?.();
    this.#shutdown = undefined;
    if (wish.kind === 'cancel') {
      this.#world.journal({ kind: 'shutdown-cancelled', instance: this.instanceId });
      return;
    }
    const time = this.#world.now() + wish.seconds * 1000;
    this.#world.journal({
      kind: 'shutdown-armed',
      instance: this.instanceId,
      seconds: wish.seconds,
      reboot: wish.reboot,
    });
    this.#shutdown = this.#world.at(time, () => this.#events.poweredOff(wish.reboot));
  }

  #startUnit({ name, exec, calendar }: Unit): void {
    if (calendar !== undefined) {
      // One that was missed fires at once.
      const fire = () =>
        void this.#units.load(name.replace(/\.timer$/, '.service')).then((unit) => this.#startUnit(unit));
      this.#timers.push(this.#world.at(calendar, fire));
    } else if (exec !== undefined) this.#logged(this.spawn(['/bin/sh', '-c', this.here(exec)]), name);
  }

  async #runUserData({ userData }: Instance): Promise<void> {
    const text = userData?.toString('utf8') ?? '';
    if (!text.startsWith('#!')) {
      this.#world.journal({ kind: 'user-data-ignored', instance: this.instanceId });
      return;
    }
    const script = join(this.folder, 'user-data');
    await writeFile(script, this.here(text));
    await chmod(script, 0o755);
    this.#logged(this.spawn([script]), 'user-data');
  }

  /** Text of a script, for this machine: a machine has a disk of its own; ours is shared, so its fixed paths lead into its folder. */
  here(text: string): string {
    return text
      .replaceAll('/proc/sys/kernel/random/boot_id', join(this.folder, 'boot_id'))
      .replaceAll('/etc/systemd/system', join(this.folder, 'systemd'))
      .replaceAll('/opt/taaf', join(this.folder, 'root'))
      .replace(/(?<![\w/])(?:\/usr)?\/sbin\/(?=shutdown|poweroff|reboot)/g, `${join(this.folder, 'bin')}/`);
  }

  #logged(child: ChildProcess, name: string): void {
    const log = createWriteStream(join(this.folder, 'log', `${name}.log`), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.once('close', (code) => {
      log.end();
      this.#world.journal({ kind: 'program-ended', instance: this.instanceId, name, code });
    });
  }
}
