/** Service Quotas: how many vCPUs of graphics machines may run, for each market. */
import {
  GetAWSDefaultServiceQuota$,
  GetServiceQuota$,
  type GetAWSDefaultServiceQuotaCommandInput,
  type GetAWSDefaultServiceQuotaCommandOutput,
  type GetServiceQuotaCommandInput,
  type GetServiceQuotaCommandOutput,
  type ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import type { Account } from './ec2/account.js';
import type { Market } from './ec2/types.js';
import { AwsError } from './protocol/error.js';
import { operation } from './protocol/operation.js';
import { rpcService } from './protocol/rpc.js';
import { jsonWire } from './protocol/wire.js';
import type { Service } from './service.js';

const codes: Readonly<Record<string, { readonly name: string; readonly market: Market }>> = {
  'L-DB2E81BA': { name: 'Running On-Demand G and VT instances', market: 'on-demand' },
  'L-3819A6DF': { name: 'All G and VT Spot Instance Requests', market: 'spot' },
};

function quotaOf(account: Account, region: string, QuotaCode: string, value: (market: Market) => number): ServiceQuota {
  const quota = codes[QuotaCode];
  if (quota === undefined) throw unknown();
  return {
    ServiceCode: 'ec2',
    ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
    QuotaArn: `arn:aws:servicequotas:${region}:${account.world.account}:ec2/${QuotaCode}`,
    QuotaCode,
    QuotaName: quota.name,
    Value: value(quota.market),
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  };
}

const unknown = () =>
  new AwsError('NoSuchResourceException', 'The request failed because the specified resource does not exist.');

export const quotasService = (account: Account): Service =>
  rpcService(account.world, {
    name: 'servicequotas',
    wire: jsonWire('ServiceQuotasV20190624'),
    operations: [
      operation<GetServiceQuotaCommandInput, GetServiceQuotaCommandOutput>(
        GetServiceQuota$,
        ({ ServiceCode, QuotaCode = '' }, { call }) => {
          if (ServiceCode !== 'ec2' || !account.ownQuotas) throw unknown();
          return { Quota: quotaOf(account, call.region, QuotaCode, (market) => account.quotas[market]) };
        },
      ),
      operation<GetAWSDefaultServiceQuotaCommandInput, GetAWSDefaultServiceQuotaCommandOutput>(
        GetAWSDefaultServiceQuota$,
        ({ ServiceCode, QuotaCode = '' }, { call }) => {
          if (ServiceCode !== 'ec2') throw unknown();
          return { Quota: quotaOf(account, call.region, QuotaCode, () => 0) };
        },
      ),
    ],
  });
