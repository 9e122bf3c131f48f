/** The AWS fleet as the worker makes it, with tiny ones in the place of Ansible and SSM: for tests, and for the programs that they kill. */
import { awsClients } from '../../../src/aws/clients.js';
import type { AwsPlace, MachineOrder } from '../../../src/domain/aws.js';
import { awsFleet } from '../../../src/fleet/aws/aws.js';
import type { AwsFleetDeps } from '../../../src/fleet/aws/deps.js';
import type { Ping, Provision, Target } from '../../../src/fleet/aws/ports.js';
import type { Fleet, MachineRef, Watch } from '../../../src/fleet/port.js';
import { directoryStore } from '../../../src/store/directory.js';
import type { ObjectStore } from '../../../src/store/port.js';

export const INSTALL = '00112233445566ff';
export const SEASON = 'voyager-s1-9f86d081';
export const WINDOWS_IMAGE = 'ami-0d0b1e0000000022a';
/** The double's minutes are a third of a second. */
export const SCALE = 180;

export const ref = (launch = 1, episode = 'e03-5feceb66'): MachineRef => ({
  season: SEASON,
  episode,
  machine: `${episode}-l${launch}`,
});

export interface FleetWithAll {
  readonly fleet: Fleet;
  readonly store: ObjectStore;
  readonly deps: AwsFleetDeps;
  /** What the machine's SSM agent says; what was done to machines by others. */
  readonly ssm: { ping: Ping; endsAt?: number; readonly done: string[] };
  /** What the fleet told its watcher. */
  readonly told: string[];
  readonly watch: Watch;
}

export const anOrder: MachineOrder = {
  system: 'windows',
  types: ['g6.2xlarge', 'g6.xlarge'],
  market: 'spot',
  image: WINDOWS_IMAGE,
  volumeGiB: 200,
  deadlineSeconds: 36 * 3600,
};

export const placeOf = (install = INSTALL): AwsPlace => ({
  region: 'us-east-1',
  account: '123456789012',
  install,
  installBucket: 'install-bucket',
  bucket: 'season-bucket',
});

const provisionOf = (season: string, machine: string, episode: string): Provision => ({
  kit: { key: 'kits/1.zip', sha256: '1', bytes: 1 },
  settings: {
    season,
    machine,
    episode,
    store: { kind: 's3', bucket: 'season-bucket', region: 'us-east-1' },
    scratch: 'C:\\taaf',
    tools: { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' },
    models: [],
    threads: 8,
    timeScale: 1,
  },
});

/** A fleet as the worker makes it, on a folder that outlives it. */
export function fleetIn(folder: string, order: MachineOrder, install = INSTALL): FleetWithAll {
  const store = directoryStore(`${folder}/store`);
  const ssm: FleetWithAll['ssm'] = { ping: 'online', done: [] };
  const told: string[] = [];
  const doing = (what: string) => (target: Target) => {
    ssm.done.push(`${what} ${target.instanceId} ${target.system}`);
    return Promise.resolve();
  };
  const deps: AwsFleetDeps = {
    place: () => Promise.resolve(placeOf(install)),
    order: () => Promise.resolve(order),
    speeds: () => Promise.resolve({}),
    clients: awsClients,
    store: () => Promise.resolve(store),
    launches: (season) => `${folder}/launches/${season}`,
    configurer: { configure: doing('configure') },
    remote: { ping: () => Promise.resolve(ssm.ping), start: doing('start'), stop: doing('stop') },
    provision: ({ season, machine, episode }, endsAt) => {
      ssm.endsAt = endsAt;
      return Promise.resolve(provisionOf(season, machine, episode));
    },
    version: '0.2.0',
    timeScale: SCALE,
  };
  const watch: Watch = { signal: new AbortController().signal, report: (line) => void told.push(line) };
  return { fleet: awsFleet(deps), store, deps, ssm, told, watch };
}
