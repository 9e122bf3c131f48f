/** How many vCPUs of GPU machines an account may run in a region: two quotas, one for each market. */
import type { AwsAccess, Market } from '../domain/aws.js';
import type { AwsClients } from './clients.js';
import { awsCode, awsFailure } from './errors.js';

export const gpuQuotas: Readonly<Record<Market, { readonly code: string; readonly name: string }>> = {
  'on-demand': { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances' },
  spot: { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests' },
};

/** vCPUs. */
export async function gpuQuota(clients: AwsClients, market: Market): Promise<number> {
  const [client, sdk] = await Promise.all([clients.quotas(), import('@aws-sdk/client-service-quotas')]);
  const { code, name } = gpuQuotas[market];
  const input = { ServiceCode: 'ec2', QuotaCode: code };
  try {
    const { Quota } = await client.send(new sdk.GetServiceQuotaCommand(input)).catch((error: unknown) => {
      // An account that never asked for a change has no value of its own.
      if (awsCode(error) !== 'NoSuchResourceException') throw error;
      return client.send(new sdk.GetAWSDefaultServiceQuotaCommand(input));
    });
    return Quota?.Value ?? 0;
  } catch (error) {
    throw awsFailure(error, `The quota "${name}" could not be asked for`);
  }
}

/** The command that asks AWS for more. */
export const quotaRequest = ({ region, profile }: AwsAccess, market: Market, vCpus: number): string =>
  [
    'aws service-quotas request-service-quota-increase --service-code ec2',
    `--quota-code ${gpuQuotas[market].code} --desired-value ${vCpus} --region ${region}`,
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
  ].join(' ');
