/** What a RunInstances asks for, checked as EC2 checks it. */
import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import type { World } from '../service.js';
import { images, securityGroups, subnetsOf, type Image, type SecurityGroup, type Subnet } from './place.js';
import { instanceTypes, type Market } from './types.js';

export interface LaunchOrder {
  readonly image: Image;
  readonly type: string;
  readonly subnet: Subnet;
  readonly market: Market;
  readonly groups: readonly SecurityGroup[];
  readonly profileArn: string | undefined;
  readonly userData: Buffer | undefined;
}

const invalid = (message: string) => new AwsError('InvalidParameterValue', message);
const USER_DATA_LIMIT = 16_384;

/** @throws AwsError with EC2's code for the first thing that is wrong */
export function readLaunchOrder(world: World, region: string, input: RunInstancesCommandInput): LaunchOrder {
  refuseUnknown(input);
  const { MinCount = 0, MaxCount = 0, ClientToken: token } = input;
  if (MinCount < 1 || MaxCount < MinCount) throw invalid('MinCount and MaxCount must be positive, and in order');
  if (token !== undefined && !/^[\x21-\x7e]{1,64}$/.test(token))
    throw invalid('Client token must have at most 64 ASCII characters');
  const type = input.InstanceType ?? 'm1.small';
  if (instanceTypes[type] === undefined) throw invalid(`Invalid value '${type}' for InstanceType.`);
  const image = imageOf(world, input);
  checkVolumes(image, input);
  checkTags(input);
  return {
    image,
    type,
    subnet: subnetOf(region, input),
    market: marketOf(input),
    groups: groupsOf(world, input),
    profileArn: profileOf(world, input),
    userData: userDataOf(input.UserData),
  };
}

const understood = new Set<keyof RunInstancesCommandInput>([
  'BlockDeviceMappings',
  'ImageId',
  'InstanceType',
  'KeyName',
  'MaxCount',
  'MinCount',
  'Monitoring',
  'Placement',
  'SecurityGroupIds',
  'SubnetId',
  'UserData',
  'TagSpecifications',
  'InstanceMarketOptions',
  'MetadataOptions',
  'DryRun',
  'InstanceInitiatedShutdownBehavior',
  'ClientToken',
  'NetworkInterfaces',
  'IamInstanceProfile',
  'EbsOptimized',
]);

/** The double would otherwise ignore what a real launch obeys. */
function refuseUnknown(input: RunInstancesCommandInput): void {
  for (const name of Object.keys(input) as (keyof RunInstancesCommandInput)[])
    if (!understood.has(name))
      throw new AwsError('UnknownParameter', `The double does not know ${name} of RunInstances`);
}

function imageOf(world: World, { ImageId }: RunInstancesCommandInput): Image {
  if (ImageId === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  const name = ImageId.startsWith('resolve:ssm:') ? ImageId.slice('resolve:ssm:'.length) : undefined;
  const id = name === undefined ? ImageId : (world.parameters.get(name)?.value ?? '');
  const image = images.find((candidate) => candidate.id === id);
  if (image !== undefined) return image;
  if (/^ami-[0-9a-f]{8,17}$/.test(id))
    throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${ImageId}"`);
}

function checkVolumes(image: Image, { BlockDeviceMappings = [] }: RunInstancesCommandInput): void {
  for (const { DeviceName, Ebs } of BlockDeviceMappings) {
    if (DeviceName === undefined) throw new AwsError('MissingParameter', 'BlockDeviceMapping needs a DeviceName');
    if (DeviceName !== image.rootDevice && Ebs?.VolumeSize === undefined)
      throw new AwsError('InvalidBlockDeviceMapping', `${DeviceName}: a new volume needs a size`);
    if (DeviceName === image.rootDevice && (Ebs?.VolumeSize ?? image.sizeGiB) < image.sizeGiB)
      throw new AwsError(
        'InvalidBlockDeviceMapping',
        `Volume of size ${String(Ebs?.VolumeSize)}GB is smaller than snapshot, expect size >= ${image.sizeGiB}GB`,
      );
  }
}

function checkTags({ TagSpecifications = [] }: RunInstancesCommandInput): void {
  const kinds = new Set(['instance', 'volume', 'network-interface', 'spot-instances-request', 'elastic-gpu']);
  for (const { ResourceType, Tags = [] } of TagSpecifications) {
    if (ResourceType === undefined || !kinds.has(ResourceType))
      throw invalid(`'${String(ResourceType)}' is not a valid taggable resource type for this operation.`);
    const keys = new Set<string>();
    for (const { Key = '', Value = '' } of Tags) {
      if (Key === '' || Key.length > 128 || Key.startsWith('aws:')) throw invalid(`Tag key '${Key}' is not valid`);
      if (Value.length > 256) throw invalid(`Tag value of '${Key}' exceeds the maximum length of 256 characters`);
      if (keys.has(Key)) throw invalid(`Duplicate tag key '${Key}' specified.`);
      keys.add(Key);
    }
    if (keys.size > 50) throw new AwsError('TagLimitExceeded', 'More than 50 tags');
  }
}

function subnetOf(region: string, input: RunInstancesCommandInput): Subnet {
  const id = input.SubnetId ?? input.NetworkInterfaces?.[0]?.SubnetId;
  const zone = input.Placement?.AvailabilityZone;
  const subnets = subnetsOf(region);
  // Without a word EC2 chooses a zone of the default network.
  const subnet = subnets.find((each) => (id === undefined ? zone === undefined || each.zone === zone : each.id === id));
  if (subnet !== undefined && (zone === undefined || subnet.zone === zone)) return subnet;
  if (id === undefined) throw invalid(`Invalid availability zone: [${String(zone)}]`);
  if (subnet !== undefined) throw invalid(`The subnet ${id} is not in ${String(zone)}`);
  throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
}

function groupsOf(world: World, input: RunInstancesCommandInput): SecurityGroup[] {
  const [network, ...others] = input.NetworkInterfaces ?? [];
  if (others.length > 0) throw invalid('The double knows one network interface');
  if (network !== undefined && (input.SubnetId !== undefined || input.SecurityGroupIds !== undefined))
    throw new AwsError(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request',
    );
  const known = securityGroups(world);
  const wanted = network?.Groups ?? input.SecurityGroupIds ?? ['default'];
  return wanted.map((id) => {
    const group = known.find((each) => each.id === id || (id === 'default' && each.name === id));
    if (group === undefined) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    return group;
  });
}

function profileOf(world: World, { IamInstanceProfile: wanted }: RunInstancesCommandInput): string | undefined {
  if (wanted === undefined) return undefined;
  const name = wanted.Name ?? wanted.Arn?.split('/').at(-1) ?? '';
  if (world.resources.get(name)?.type !== 'AWS::IAM::InstanceProfile')
    throw invalid(
      `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
    );
  return `arn:aws:iam::${world.account}:instance-profile/${name}`;
}

function marketOf({ InstanceMarketOptions: options }: RunInstancesCommandInput): Market {
  if (options === undefined) return 'on-demand';
  if (options.MarketType !== 'spot') throw invalid(`Invalid market type '${String(options.MarketType)}'`);
  const { SpotInstanceType, InstanceInterruptionBehavior: behavior } = options.SpotOptions ?? {};
  if (behavior !== undefined && behavior !== 'terminate' && SpotInstanceType !== 'persistent')
    throw new AwsError('InvalidParameterCombination', `A one-time request cannot ${behavior} on interruption`);
  return 'spot';
}

function userDataOf(encoded: string | undefined): Buffer | undefined {
  if (encoded === undefined) return undefined;
  const data = Buffer.from(encoded, 'base64');
  if (data.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, ''))
    throw new AwsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  if (data.length > USER_DATA_LIMIT) throw invalid('User data is limited to 16384 bytes');
  return data;
}
