/** TAAF's machines as EC2 lists them: found by this installation's tags only, so that another's are never seen. */
import type { Filter, Instance as Described } from '@aws-sdk/client-ec2';
import { tagKeys } from '../../aws/names.js';
import type { Market } from '../../domain/aws.js';
import type { MachineId, SeasonId } from '../../domain/ids.js';
import { all, type Ec2 } from './ec2.js';

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

export interface Instance {
  readonly id: string;
  readonly machine: MachineId;
  readonly state: InstanceState;
  /** Why it came to that state: `Server.SpotInstanceTermination`. */
  readonly reason?: string;
  /** Client token of the request that made it. */
  readonly token: string | undefined;
  readonly market: Market;
  /** Milliseconds since the epoch, by AWS's clock. */
  readonly launchedAt: number;
  /** When it ends in any case, by its tag: milliseconds since the epoch. */
  readonly deadline: number;
  /** What it shows of its metadata service, and volumes that would outlive it. */
  readonly imdsTokens: string | undefined;
  readonly imdsHops: number | undefined;
  readonly keptVolumes: readonly string[];
}

export interface Whose {
  readonly install: string;
  readonly season: SeasonId;
  readonly machine?: MachineId;
}

/** States in which a machine is there, or its volume is. */
export const THERE: readonly InstanceState[] = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'];
export const isThere = ({ state }: Instance): boolean => state !== 'terminated';
/** Neither gone nor going. */
export const isAlive = ({ state }: Instance): boolean => state === 'pending' || state === 'running';

/** A small page, so that EC2 answers within its own limits for huge accounts. */
const PAGE = 100;

/**
 * Machines in the given states (default: all that EC2 still shows), oldest first. It may miss one that is younger than two minutes,
 * and shows one that is gone for about an hour.
 */
export async function findInstances(
  { client, sdk }: Ec2,
  whose: Whose,
  states?: readonly InstanceState[],
): Promise<Instance[]> {
  const tags: [string, string][] = [
    [tagKeys.install, whose.install],
    [tagKeys.season, whose.season],
    ...(whose.machine === undefined ? [] : ([[tagKeys.machine, whose.machine]] as [string, string][])),
  ];
  const filters: Filter[] = tags.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
  if (states) filters.push({ Name: 'instance-state-name', Values: [...states] });
  const pages = sdk.paginateDescribeInstances({ client, pageSize: PAGE }, { Filters: filters });
  const found = await all('EC2 cannot be asked for machines', pages, ({ Reservations }) =>
    (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []),
  );
  return found
    .filter((instance) => tags.every(([key, value]) => tagOf(instance, key) === value))
    .map(read)
    .sort((a, b) => a.launchedAt - b.launchedAt || (a.id < b.id ? -1 : 1));
}

const tagOf = (instance: Described, key: string): string | undefined =>
  instance.Tags?.find(({ Key }) => Key === key)?.Value;

function read(instance: Described): Instance {
  const reason = instance.StateReason?.Code;
  return {
    id: instance.InstanceId ?? '',
    machine: tagOf(instance, tagKeys.machine) ?? '',
    state: instance.State?.Name ?? 'pending',
    ...(reason === undefined ? {} : { reason }),
    token: instance.ClientToken,
    market: instance.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    launchedAt: instance.LaunchTime?.getTime() ?? 0,
    deadline: Date.parse(tagOf(instance, tagKeys.deadline) ?? ''),
    imdsTokens: instance.MetadataOptions?.HttpTokens,
    imdsHops: instance.MetadataOptions?.HttpPutResponseHopLimit,
    keptVolumes: (instance.BlockDeviceMappings ?? [])
      .filter(({ Ebs }) => Ebs?.DeleteOnTermination !== true)
      .map(({ Ebs, DeviceName }) => Ebs?.VolumeId ?? DeviceName ?? ''),
  };
}

/** The instance that a machine is. One that was launched and does not show yet is none of the older ones that EC2 still lists. */
export const theInstance = (found: readonly Instance[], launched?: string): Instance | undefined =>
  found.find(({ id }) => id === launched) ?? found.find(isAlive) ?? (launched === undefined ? found.at(-1) : undefined);
