/** The one call that makes a machine: pure, so that it can be written down before it is sent and repeated byte for byte. */
import type { ResourceType, RunInstancesCommandInput, Tag } from '@aws-sdk/client-ec2';
import { instanceProfileName, tagKeys } from '../../aws/names.js';
import { sha256Of } from '../../disk/hash.js';
import type { AwsPlace, MachineOrder, Placement } from '../../domain/aws.js';
import { launchOfMachine } from '../../domain/ids.js';
import type { MachineRef } from '../port.js';
import type { SystemImage } from './image.js';
import { userData } from './user-data.js';

export interface RequestInput {
  readonly place: AwsPlace;
  readonly ref: MachineRef;
  readonly order: MachineOrder;
  readonly placement: Placement;
  /** Counts every placement that was ever tried for this machine. */
  readonly number: number;
  readonly image: SystemImage;
  readonly securityGroup: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly bootSeconds: number;
  /** TAAF's version. */
  readonly version: string;
}

/** At most 64 ASCII characters; another placement has another token, since EC2 knows tokens zone by zone. */
export const clientToken = (install: string, ref: MachineRef, number: number): string =>
  sha256Of(JSON.stringify([install, ref.season, ref.machine, number])).slice(0, 64);

export function runRequest(input: RequestInput): RunInstancesCommandInput {
  const { place, ref, order, placement, image } = input;
  const tags = tagsOf(input);
  const resources: ResourceType[] = ['instance', 'volume', 'network-interface'];
  return {
    ClientToken: clientToken(place.install, ref, input.number),
    MinCount: 1,
    MaxCount: 1,
    ImageId: image.id,
    InstanceType: placement.type as RunInstancesCommandInput['InstanceType'] & string,
    Placement: { AvailabilityZone: placement.zone },
    IamInstanceProfile: { Name: instanceProfileName(place.install, place.region) },
    InstanceInitiatedShutdownBehavior: 'terminate',
    ...(placement.market === 'spot'
      ? { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } } }
      : {}),
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: placement.subnet,
        Groups: [input.securityGroup],
        // A machine without one reaches neither SSM nor S3; nothing reaches it, the group lets nothing in.
        AssociatePublicIpAddress: true,
        DeleteOnTermination: true,
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDevice,
        Ebs: { VolumeSize: order.volumeGiB, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
      },
    ],
    UserData: Buffer.from(
      userData(order.system, { bootSeconds: input.bootSeconds, deadline: input.deadline }),
    ).toString('base64'),
    TagSpecifications: resources.map((ResourceType) => ({ ResourceType, Tags: tags })),
  };
}

function tagsOf({ place, ref, deadline, version }: RequestInput): Tag[] {
  const values: Record<string, string> = {
    [tagKeys.install]: place.install,
    [tagKeys.season]: ref.season,
    [tagKeys.episode]: ref.episode,
    [tagKeys.machine]: ref.machine,
    [tagKeys.launch]: String(launchOfMachine(ref.machine)),
    [tagKeys.deadline]: new Date(deadline).toISOString(),
    [tagKeys.version]: version,
    Name: `taaf ${ref.machine}`,
  };
  return Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
}
