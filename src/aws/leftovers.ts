/** What an installation has in AWS besides its stack: machines, and the buckets of seasons. Asked of AWS, never of our own records. */
import type { AwsSite } from './arns.js';
import type { AwsClients } from './clients.js';
import { awsFailure } from './errors.js';
import { seasonBucketPrefix, tagKeys } from './names.js';

export interface LiveMachine {
  readonly id: string;
  readonly state: string;
  readonly season?: string;
  readonly machine?: string;
}

/** Machines of this installation that are not terminated. */
export async function liveMachines(clients: AwsClients, { install, region }: AwsSite): Promise<LiveMachine[]> {
  const [client, { paginateDescribeInstances }] = await Promise.all([clients.ec2(), import('@aws-sdk/client-ec2')]);
  const filters = [
    { Name: `tag:${tagKeys.install}`, Values: [install] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'] },
  ];
  const found: LiveMachine[] = [];
  try {
    for await (const page of paginateDescribeInstances({ client }, { Filters: filters })) {
      for (const { Instances = [] } of page.Reservations ?? [])
        found.push(
          ...Instances.map(({ InstanceId = '', State, Tags = [] }) => machineOf(InstanceId, State?.Name, Tags)),
        );
    }
  } catch (error) {
    throw awsFailure(error, `The machines in ${region} could not be looked at`);
  }
  return found;
}

function machineOf(
  id: string,
  state = 'unknown',
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): LiveMachine {
  const tag = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
  const [season, machine] = [tag(tagKeys.season), tag(tagKeys.machine)];
  return {
    id,
    state,
    ...(season === undefined ? {} : { season }),
    ...(machine === undefined ? {} : { machine }),
  };
}

/** Names of the buckets of this installation's seasons, in its region. */
export async function seasonBuckets(clients: AwsClients, site: AwsSite): Promise<string[]> {
  const [client, { paginateListBuckets }] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  const prefix = seasonBucketPrefix(site);
  const found: string[] = [];
  try {
    for await (const { Buckets = [] } of paginateListBuckets({ client }, { Prefix: prefix }))
      found.push(...Buckets.flatMap(({ Name }) => (Name?.startsWith(prefix) ? [Name] : [])));
  } catch (error) {
    throw awsFailure(error, 'The buckets of this account could not be listed');
  }
  return found;
}
