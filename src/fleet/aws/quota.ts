/** How many vCPUs an account may run at once in a region, and how many it does: before any money is spent. */
import type { AwsClients } from '../../aws/clients.js';
import { gpuQuota, gpuQuotas, quotaRequest } from '../../aws/quotas.js';
import type { AwsAccess, Market } from '../../domain/aws.js';
import { Failure } from '../../domain/failures.js';
import { all, ec2Of } from './ec2.js';

export interface Quota {
  readonly code: string;
  readonly name: string;
  readonly vCpus: number;
}

/** Families that count against them. */
const FAMILIES = ['g*', 'vt*'];

export const quotaOf = async (clients: AwsClients, market: Market): Promise<Quota> => ({
  ...gpuQuotas[market],
  vCpus: await gpuQuota(clients, market),
});

/** vCPUs of the instance types, by type. */
export async function vCpusOf(clients: AwsClients, types: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (types.length === 0) return new Map();
  const { client, sdk } = await ec2Of(clients);
  const pages = sdk.paginateDescribeInstanceTypes({ client }, { InstanceTypes: [...new Set(types)] as never[] });
  const found = await all('EC2 cannot be asked for instance types', pages, (page) => page.InstanceTypes);
  return new Map(found.map(({ InstanceType = '', VCpuInfo }) => [InstanceType, VCpuInfo?.DefaultVCpus ?? 0]));
}

/** vCPUs that count against the quota now, whoever runs them in this account. */
export async function vCpusInUse(clients: AwsClients, market: Market): Promise<number> {
  const { client, sdk } = await ec2Of(clients);
  const pages = sdk.paginateDescribeInstances(
    { client },
    {
      Filters: [
        { Name: 'instance-type', Values: FAMILIES },
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
      ],
    },
  );
  const found = await all('EC2 cannot be asked for machines', pages, ({ Reservations }) =>
    (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []),
  );
  const counted = found.filter(({ InstanceLifecycle }) => (InstanceLifecycle === 'spot') === (market === 'spot'));
  const types = counted.map(({ InstanceType = '' }): string => InstanceType);
  const sizes = await vCpusOf(clients, types);
  return types.reduce((sum, type) => sum + (sizes.get(type) ?? 0), 0);
}

/** @param vCpus to ask for: at least those of one machine */
export function quotaFailure(
  access: AwsAccess,
  market: Market,
  vCpus: number,
  detail: { evidence?: string; cause?: unknown } = {},
): Failure {
  const { code, name } = gpuQuotas[market];
  const what = `AWS allows this account no further GPU machine in ${access.region} (quota "${name}", ${code})`;
  return new Failure('quota', what, {
    ...detail,
    next: `Ask for more (hours to days): ${quotaRequest(access, market, vCpus)}; the work goes on by itself`,
  });
}

/**
 * How many machines of the largest of these types fit into the quota at once, beside nothing else.
 * @throws Failure `quota` when not even one does
 */
export async function machinesAllowed(
  clients: AwsClients,
  access: AwsAccess,
  market: Market,
  types: readonly string[],
): Promise<{ readonly quota: Quota; readonly machines: number; readonly vCpusEach: number }> {
  const [quota, sizes] = await Promise.all([quotaOf(clients, market), vCpusOf(clients, types)]);
  const vCpusEach = Math.max(1, ...sizes.values());
  const machines = Math.floor(quota.vCpus / vCpusEach);
  if (machines === 0) {
    throw quotaFailure(access, market, vCpusEach, { evidence: `${quota.vCpus} vCPUs allowed, ${vCpusEach} wanted` });
  }
  return { quota, machines, vCpusEach };
}
