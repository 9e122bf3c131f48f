/** A strict stand-in for AWS on this computer, which the real SDK clients talk to through AWS_ENDPOINT_URL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOf, type Bill } from './bill.js';
import { Clock } from './clock.js';
import { control } from './control.js';
import { Faults, type FaultScript } from './faults.js';
import { Journal } from './journal.js';
import { isAlive, type Instance } from './ec2/instance.js';
import { Instances, usualDelays, type Delays } from './ec2/instances.js';
import type { Account, CapacityScript, LaunchTwist } from './ec2/account.js';
import { images } from './ec2/place.js';
import { ec2Service } from './ec2/service.js';
import { Tokens } from './ec2/tokens.js';
import type { Market } from './ec2/types.js';
import { listen } from './server.js';
import { quotasService } from './quotas.js';
import type { Call, Service, SessionChannel, World } from './service.js';
import type { ScriptedOutcome } from './ssm/command.js';
import type { SsmFleet } from './ssm/fleet.js';
import { ssmService } from './ssm/service.js';
import { Machines, type VirtualDriver } from './machine/machines.js';
import { stsService } from './sts.js';

export interface DoubleOptions {
  /** How many times faster than ours its clock runs; 1 unless told. */
  readonly timeScale?: number;
  /** Folder for buckets and machines; absent: a new one, removed in the end. */
  readonly folder?: string;
  readonly port?: number;
  readonly region?: string;
  readonly account?: string;
  /** Milliseconds of the double's clock. */
  readonly delays?: Partial<Delays>;
  /** vCPUs; 64 each unless told. */
  readonly quotas?: Partial<Record<Market, number>>;
  /** Whether launches must keep TAAF's own promises (`ec2/house-rules.ts`); they must, unless told. */
  readonly houseRules?: boolean;
  /** `virtual` machines exist and cost, but run nothing: for big simulations. */
  readonly machines?: 'real' | 'virtual';
  /** Stands in for the programs of machines that run none: virtual ones, and Windows. */
  readonly driver?: VirtualDriver;
  /** What a cancelled or timed-out command ends on Linux: only its shell, as on Windows, unless told. */
  readonly cancelKills?: 'shell' | 'group';
  readonly sessions?: (world: World) => SessionChannel;
  /** Services that live elsewhere, by the name in the signature's scope. */
  readonly services?: Readonly<Record<string, (world: World) => Service>>;
}

export interface AwsDouble {
  readonly url: string;
  /** What a program needs in its environment to take the double for AWS. */
  readonly environment: Readonly<Record<string, string>>;
  readonly world: World;
  readonly journal: Journal;
  readonly account: Account;
  readonly machines: Machines;
  /** Outcomes of the next SSM commands, in order: they are not run then. */
  readonly commandOutcomes: ScriptedOutcome[];
  /** @returns how to take it back */
  script(fault: FaultScript): () => void;
  clearScripts(): void;
  /** @returns how to take it back */
  capacity(script: CapacityScript): () => void;
  /** @returns how to take it back */
  twist(twist: LaunchTwist): () => void;
  /** The laptop's sign-in, from now on; the machines' roles live on. */
  signIn(state: 'valid' | 'expired'): void;
  advance(milliseconds: number): Promise<void>;
  instances(): readonly Instance[];
  bill(): Bill;
  /** Ids of machines that live, and that nobody claims. */
  orphans(claimed: Iterable<string>): string[];
  /** Ends machines and server; removes the folder if it made it. */
  stop(): Promise<void>;
}

const LAPTOP = 'AKIADOUBLELAPTOP0000';

export async function startDouble(options: DoubleOptions = {}): Promise<AwsDouble> {
  const { timeScale = 1, region = 'us-east-1', account: number = '123456789012' } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'taaf-aws-')));
  const clock = new Clock(timeScale);
  const journal = new Journal();
  const faults = new Faults();
  let signedIn = true;
  let url = '';
  const world: World = {
    account: number,
    region,
    timeScale,
    folder,
    url: () => url,
    now: clock.now,
    at: clock.at,
    documents: new Map(),
    parameters: new Map(
      images.flatMap(({ id, parameters }) => parameters.map((name) => [name, { value: id, secure: false }])),
    ),
    resources: new Map(),
    journal: (event) => journal.add(clock.now(), event),
    fault: ({ service, accessKey }: Call, action) =>
      !signedIn && world.caller(accessKey).instanceId === undefined
        ? { kind: 'expired' }
        : faults.take(service, action),
    caller: (accessKey) => machines.caller(accessKey) ?? { arn: `arn:aws:iam::${number}:user/laptop` },
    machine: (id) => machines.find(id),
  };
  const machines: Machines = new Machines(world, () => account.instances, {
    real: options.machines !== 'virtual',
    driver: options.driver ?? {},
  });
  const account: Account = {
    world,
    instances: new Instances(world, { ...usualDelays, ...options.delays }, machines),
    tokens: new Tokens(),
    quotas: { 'on-demand': 64, spot: 64, ...options.quotas },
    ownQuotas: true,
    capacity: [],
    twists: [],
    houseRules: options.houseRules ?? true,
  };
  const sessions = options.sessions?.(world);
  const commandOutcomes: ScriptedOutcome[] = [];
  const fleet: SsmFleet = {
    world,
    account,
    machines,
    commands: [],
    outcomes: commandOutcomes,
    kills: options.cancelKills ?? 'shell',
    sessions,
  };
  const services = new Map<string, Service>([
    ['ec2', ec2Service(account)],
    ['ssm', ssmService(fleet)],
    ['sts', stsService(world)],
    ['servicequotas', quotasService(account)],
    ...Object.entries(options.services ?? {}).map(([name, make]) => [name, make(world)] as const),
  ]);
  const double: AwsDouble = {
    get url() {
      return url;
    },
    get environment() {
      return {
        AWS_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: LAPTOP,
        AWS_SECRET_ACCESS_KEY: 'double',
        AWS_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
      };
    },
    world,
    journal,
    account,
    machines,
    commandOutcomes,
    script: (fault) => faults.add(fault),
    clearScripts: () => faults.clear(),
    capacity(script) {
      const entry = { script, used: 0 };
      account.capacity.push(entry);
      return () => (account.capacity = account.capacity.filter((other) => other !== entry));
    },
    twist(twist) {
      const entry = { twist, used: 0 };
      account.twists.push(entry);
      return () => (account.twists = account.twists.filter((other) => other !== entry));
    },
    signIn: (state) => (signedIn = state === 'valid'),
    advance: (milliseconds) => clock.advance(milliseconds),
    instances: () => account.instances.all,
    bill: () => billOf(account.instances.all, clock.now()),
    orphans(claimed) {
      const known = new Set(claimed);
      return account.instances.all.filter((each) => isAlive(each) && !known.has(each.id)).map(({ id }) => id);
    },
    async stop() {
      clock.stop();
      sessions?.close();
      await machines.stop();
      await server.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  const server = await listen(options.port ?? 0, {
    services,
    control: control(double),
    now: clock.now,
    fast: timeScale > 1,
    upgrade: (request, socket, head) => sessions?.upgrade(request, socket, head) ?? false,
  });
  url = server.url;
  return double;
}
