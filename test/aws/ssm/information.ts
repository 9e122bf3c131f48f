/** Which machines SSM reaches. */
import {
  DescribeInstanceInformation$,
  type DescribeInstanceInformationCommandInput,
  type DescribeInstanceInformationCommandOutput,
} from '@aws-sdk/client-ssm';
import { matching, page } from '../ec2/filters.js';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import { registered, type SsmFleet } from './fleet.js';

export const describeInstanceInformation = (fleet: SsmFleet): Operation =>
  operation<DescribeInstanceInformationCommandInput, DescribeInstanceInformationCommandOutput>(
    DescribeInstanceInformation$,
    (input, { call }) => {
      const { Filters = [], InstanceInformationFilterList = [] } = input;
      if (Filters.length > 0 && InstanceInformationFilterList.length > 0)
        throw new AwsError('ValidationException', 'Only one of Filters and InstanceInformationFilterList');
      const filters = [
        ...Filters.map(({ Key, Values }) => ({ Name: String(Key), Values: Values ?? [] })),
        ...InstanceInformationFilterList.map(({ key, valueSet }) => ({ Name: String(key), Values: valueSet ?? [] })),
      ];
      const rows = registered(fleet, call.region).map((instance) => ({
        instance,
        ping: fleet.machines.agentAnswers(instance) ? ('Online' as const) : ('ConnectionLost' as const),
        platform: instance.image.system === 'windows' ? ('Windows' as const) : ('Linux' as const),
      }));
      const found = matching(
        rows,
        filters,
        {
          InstanceIds: ({ instance }) => [instance.id],
          PingStatus: ({ ping }) => [ping],
          PlatformTypes: ({ platform }) => [platform],
        },
        ({ instance }) => instance.tags,
      );
      const { items, next } = page(found, input, { most: 50 });
      return {
        InstanceInformationList: items.map(({ instance, ping, platform }) => ({
          InstanceId: instance.id,
          PingStatus: ping,
          LastPingDateTime: new Date(fleet.world.now()),
          AgentVersion: '3.3.3050.0',
          IsLatestVersion: true,
          PlatformType: platform,
          ResourceType: 'EC2Instance' as const,
          IPAddress: instance.address,
        })),
        ...next,
      };
    },
  );
