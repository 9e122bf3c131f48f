/** The AWS fleet of this computer: what EC2, SSM and Ansible need to know, from the seasons' records. */
import { join } from 'node:path';
import { awsClients, type AwsClients } from '../aws/clients.js';
import { startDocumentName } from '../aws/names.js';
import type { TaafPaths } from '../config/paths.js';
import type { AwsAccess, AwsSeason } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import type { SeasonId } from '../domain/ids.js';
import { machineSettings } from '../domain/machine-settings.js';
import { ansibleConfigurer, PLAY_LIMIT_MS } from '../fleet/aws/ansible/configurer.js';
import { awsFleet } from '../fleet/aws/aws.js';
import type { Provision } from '../fleet/aws/ports.js';
import { ssmRemote } from '../fleet/aws/ssm/remote.js';
import type { Fleet, MachineRef } from '../fleet/port.js';
import type { ObjectStore } from '../store/port.js';
import { ensureAnsible } from '../toolchain/ansible.js';
import { requireSessionPlugin } from '../toolchain/session-plugin.js';
import type { RecordOf } from './stores.js';

export interface AwsFleetHere {
  readonly record: RecordOf;
  readonly store: (season: SeasonId) => Promise<ObjectStore>;
  /** Folder of a season's records on this computer. */
  readonly folder: (season: SeasonId) => string;
  readonly paths: TaafPaths;
  readonly version: string;
  readonly timeScale: number;
}

export function awsFleetHere({ record, store, folder, paths, version, timeScale }: AwsFleetHere): Fleet {
  const clients = clientsByAccess();
  const launches = (season: SeasonId): string => join(folder(season), 'launches');
  const season = async (id: SeasonId): Promise<AwsSeason> => {
    const { aws } = await record(id);
    if (!aws) throw new Failure('bug', `${id} was not submitted for AWS`);
    return aws;
  };
  const remote = ssmRemote({ clients, document: ({ install }) => startDocumentName(install), timeScale });
  const configurer = ansibleConfigurer({
    clients,
    remote,
    python: async ({ system }, { signal, report }) => (await ensureAnsible({ paths, report, signal }, system)).python,
    connection: async () => ({ kind: 'ssm', plugin: await requireSessionPlugin(process.env) }),
    folder: join(paths.state, 'plays'),
    timeScale,
    limit: PLAY_LIMIT_MS,
    pathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined,
  });

  async function provision(ref: MachineRef, endsAt: number): Promise<Provision> {
    const { place, order, kit, topaz } = await season(ref.season);
    const settings = machineSettings({ place, ref, system: order.system, endsAt, timeScale });
    return { kit, settings, ...(topaz ? { topaz } : {}) };
  }

  return awsFleet({
    place: async (id) => (await season(id)).place,
    order: async (id) => (await season(id)).order,
    // No calibration knows EC2's machines yet: placements are tried by the price of the hour.
    speeds: () => Promise.resolve({}),
    clients,
    store,
    launches,
    configurer,
    remote,
    provision,
    version,
    timeScale,
  });
}

/** One set of clients for each way to reach AWS, so that connections are kept. */
function clientsByAccess(): (access: AwsAccess) => AwsClients {
  const sets = new Map<string, AwsClients>();
  return ({ region, profile }) => {
    const name = JSON.stringify([region, profile]);
    const set = sets.get(name) ?? awsClients({ region, ...(profile === undefined ? {} : { profile }) });
    sets.set(name, set);
    return set;
  };
}
