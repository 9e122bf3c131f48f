/** One instance of the double, and how EC2's API shows it. */
import type { Instance as InstanceView, RunInstancesCommandInput, Tag } from '@aws-sdk/client-ec2';
import type { Image, Subnet } from './place.js';
import type { Market } from './types.js';

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

export const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export interface Volume {
  readonly id: string;
  readonly device: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  deleteOnTermination: boolean;
  tags: Tag[];
}

/** Times are milliseconds of the double's clock. */
export interface Instance {
  readonly id: string;
  readonly reservation: string;
  readonly region: string;
  readonly token: string | undefined;
  readonly input: RunInstancesCommandInput;
  readonly image: Image;
  readonly type: string;
  readonly subnet: Subnet;
  readonly market: Market;
  readonly groups: readonly string[];
  readonly profileArn: string | undefined;
  readonly shutdownBehavior: 'terminate' | 'stop';
  readonly httpTokens: 'optional' | 'required';
  readonly userData: Buffer | undefined;
  readonly launchedAt: number;
  /** Before this time the API does not know it. */
  readonly visibleAt: number;
  readonly address: string;
  readonly networkInterface: { readonly id: string; readonly tags: Tag[] };
  readonly volumes: Volume[];
  tags: Tag[];
  state: InstanceState;
  reason: { readonly Code: string; readonly Message: string } | undefined;
  /** Intervals in which it ran and was paid for; the last is open while it runs. */
  readonly ran: { readonly from: number; to: number | undefined }[];
  terminatedAt: number | undefined;
  /** How often it has begun to boot. */
  boots: number;
}

/** The tags that a launch gives to one kind of resource. */
export const tagsFor = (input: RunInstancesCommandInput, kind: string): Tag[] =>
  (input.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType === kind).flatMap(({ Tags }) => Tags ?? []);

export const isAlive = ({ state }: Instance): boolean => state !== 'terminated' && state !== 'shutting-down';

export function viewOf(instance: Instance): InstanceView {
  const { input, state, subnet, image, volumes } = instance;
  const gone = state === 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: image.id,
    State: { Code: stateCodes[state], Name: state },
    PrivateDnsName: gone ? '' : `ip-${instance.address.replaceAll('.', '-')}.ec2.internal`,
    PublicDnsName: '',
    StateTransitionReason: instance.reason?.Message ?? '',
    ...(instance.reason === undefined ? {} : { StateReason: instance.reason }),
    AmiLaunchIndex: 0,
    ProductCodes: [],
    InstanceType: instance.type as NonNullable<InstanceView['InstanceType']>,
    LaunchTime: new Date(Math.floor(instance.launchedAt / 1000) * 1000),
    Placement: { AvailabilityZone: subnet.zone, GroupName: '', Tenancy: 'default' },
    Monitoring: { State: 'disabled' },
    Architecture: 'x86_64',
    ...(instance.token === undefined ? {} : { ClientToken: instance.token }),
    EbsOptimized: input.EbsOptimized ?? false,
    EnaSupport: true,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceName: image.rootDevice,
    RootDeviceType: 'ebs',
    BlockDeviceMappings: gone
      ? []
      : volumes.map(({ id, device, deleteOnTermination }) => ({
          DeviceName: device,
          Ebs: { VolumeId: id, Status: 'attached', DeleteOnTermination: deleteOnTermination },
        })),
    ...(instance.profileArn === undefined || gone
      ? {}
      : { IamInstanceProfile: { Arn: instance.profileArn, Id: 'AIPADOUBLE' } }),
    ...(instance.market === 'spot'
      ? { InstanceLifecycle: 'spot' as const, SpotInstanceRequestId: `sir-${instance.id.slice(2, 10)}` }
      : {}),
    MetadataOptions: {
      State: 'applied',
      HttpTokens: instance.httpTokens,
      HttpPutResponseHopLimit: input.MetadataOptions?.HttpPutResponseHopLimit ?? 1,
      HttpEndpoint: input.MetadataOptions?.HttpEndpoint ?? 'enabled',
      InstanceMetadataTags: input.MetadataOptions?.InstanceMetadataTags ?? 'disabled',
    },
    NetworkInterfaces: gone
      ? []
      : [
          {
            NetworkInterfaceId: instance.networkInterface.id,
            SubnetId: subnet.id,
            VpcId: subnet.vpc,
            Status: 'in-use',
            PrivateIpAddress: instance.address,
            Groups: instance.groups.map((GroupId) => ({ GroupId })),
          },
        ],
    SecurityGroups: gone ? [] : instance.groups.map((GroupId) => ({ GroupId })),
    ...(gone ? {} : { SubnetId: subnet.id, VpcId: subnet.vpc, PrivateIpAddress: instance.address }),
    ...(image.system === 'windows' ? { Platform: 'Windows' as const } : {}),
    PlatformDetails: image.system === 'windows' ? 'Windows' : 'Linux/UNIX',
    Tags: instance.tags,
  };
}
