/** Volumes and network interfaces: what may stay behind when a machine is gone. */
import {
  DescribeNetworkInterfaces$,
  DescribeVolumes$,
  type DescribeNetworkInterfacesCommandInput,
  type DescribeNetworkInterfacesCommandOutput,
  type DescribeVolumesCommandInput,
  type DescribeVolumesCommandOutput,
} from '@aws-sdk/client-ec2';
import { operation, type Operation } from '../protocol/operation.js';
import type { Account } from './account.js';
import { matching, page } from './filters.js';
import type { Instance } from './instance.js';

const gone = ({ state }: Instance): boolean => state === 'terminated';

/** Volumes of living machines, and of ended ones those that were not to go with them. */
const volumesOf = ({ instances }: Account, region: string) =>
  instances.all
    .filter((instance) => instance.region === region)
    .flatMap((instance) =>
      instance.volumes
        .filter(({ deleteOnTermination }) => !(gone(instance) && deleteOnTermination))
        .map((volume) => ({ volume, instance, status: gone(instance) ? ('available' as const) : ('in-use' as const) })),
    );

export const leftoverOperations = (account: Account): Operation[] => [
  operation<DescribeVolumesCommandInput, DescribeVolumesCommandOutput>(DescribeVolumes$, (input, { call }) => {
    const wanted = volumesOf(account, call.region).filter(
      ({ volume }) => input.VolumeIds === undefined || input.VolumeIds.includes(volume.id),
    );
    const found = matching(
      wanted,
      input.Filters,
      {
        'volume-id': ({ volume }) => [volume.id],
        status: ({ status }) => [status],
        'attachment.instance-id': ({ instance, status }) => (status === 'in-use' ? [instance.id] : []),
      },
      ({ volume }) => volume.tags,
    );
    const { items, next } = page(found, input);
    return {
      Volumes: items.map(({ volume, instance, status }) => ({
        VolumeId: volume.id,
        Size: volume.sizeGiB,
        Encrypted: volume.encrypted,
        State: status,
        AvailabilityZone: instance.subnet.zone,
        Tags: volume.tags,
        Attachments:
          status === 'available'
            ? []
            : [
                {
                  InstanceId: instance.id,
                  Device: volume.device,
                  State: 'attached',
                  DeleteOnTermination: volume.deleteOnTermination,
                },
              ],
      })),
      ...next,
    };
  }),
  operation<DescribeNetworkInterfacesCommandInput, DescribeNetworkInterfacesCommandOutput>(
    DescribeNetworkInterfaces$,
    (input, { call }) => {
      const found = matching(
        account.instances.all.filter((instance) => instance.region === call.region && !gone(instance)),
        input.Filters,
        {
          'network-interface-id': ({ networkInterface }) => [networkInterface.id],
          'attachment.instance-id': ({ id }) => [id],
          'group-id': ({ groups }) => groups,
          status: () => ['in-use'],
        },
        ({ networkInterface }) => networkInterface.tags,
      );
      const { items, next } = page(found, input);
      return {
        NetworkInterfaces: items.map(({ id, networkInterface, subnet, address, groups }) => ({
          NetworkInterfaceId: networkInterface.id,
          SubnetId: subnet.id,
          VpcId: subnet.vpc,
          AvailabilityZone: subnet.zone,
          PrivateIpAddress: address,
          Status: 'in-use',
          Groups: groups.map((GroupId) => ({ GroupId })),
          Attachment: { InstanceId: id, Status: 'attached', DeleteOnTermination: true },
          TagSet: networkInterface.tags,
        })),
        ...next,
      };
    },
  ),
];
