/** Regions, zones, networks, security groups and images, as an account finds them. */
import {
  DescribeAvailabilityZones$,
  DescribeImages$,
  DescribeRegions$,
  DescribeSecurityGroups$,
  DescribeSubnets$,
  DescribeVpcs$,
  type DescribeAvailabilityZonesCommandInput,
  type DescribeAvailabilityZonesCommandOutput,
  type DescribeImagesCommandInput,
  type DescribeImagesCommandOutput,
  type DescribeRegionsCommandInput,
  type DescribeRegionsCommandOutput,
  type DescribeSecurityGroupsCommandInput,
  type DescribeSecurityGroupsCommandOutput,
  type DescribeSubnetsCommandInput,
  type DescribeSubnetsCommandOutput,
  type DescribeVpcsCommandInput,
  type DescribeVpcsCommandOutput,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { World } from '../service.js';
import { matching, page } from './filters.js';
import { images, securityGroups, subnetsOf, VPC, zonesOf } from './place.js';

/** Those of `ids`, or all. */
function chosen<T extends { readonly id: string }>(
  items: readonly T[],
  ids: readonly string[] | undefined,
  code: string,
): T[] {
  if (ids === undefined) return [...items];
  return ids.map((id) => {
    const item = items.find((each) => each.id === id);
    if (item === undefined) throw new AwsError(code, `The ID '${id}' does not exist`);
    return item;
  });
}

export const networkOperations = (world: World): Operation[] => [
  operation<DescribeRegionsCommandInput, DescribeRegionsCommandOutput>(DescribeRegions$, (input) => {
    const known = [world.region, 'us-east-1', 'eu-central-1', 'us-west-2'].filter(
      (name, at, all) => all.indexOf(name) === at,
    );
    const wanted = input.RegionNames ?? known;
    const strange = wanted.find((name) => !known.includes(name));
    if (strange !== undefined) throw new AwsError('InvalidParameterValue', `Invalid region: ${strange}`);
    const regions = wanted.map((name) => ({
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    }));
    return {
      Regions: matching(regions, input.Filters, {
        'region-name': ({ RegionName }) => [RegionName],
        'opt-in-status': ({ OptInStatus }) => [OptInStatus],
      }),
    };
  }),
  operation<DescribeAvailabilityZonesCommandInput, DescribeAvailabilityZonesCommandOutput>(
    DescribeAvailabilityZones$,
    (input, { call }) => {
      const zones = zonesOf(call.region).map((name, at) => ({
        ZoneName: name,
        ZoneId: `${call.region}-az${at + 1}`,
        RegionName: call.region,
        State: 'available' as const,
        OptInStatus: 'opt-in-not-required' as const,
        ZoneType: 'availability-zone',
      }));
      return {
        AvailabilityZones: matching(zones, input.Filters, {
          'zone-name': ({ ZoneName }) => [ZoneName],
          state: ({ State }) => [State],
          'zone-type': ({ ZoneType }) => [ZoneType],
          'opt-in-status': ({ OptInStatus }) => [OptInStatus],
        }),
      };
    },
  ),
  operation<DescribeVpcsCommandInput, DescribeVpcsCommandOutput>(DescribeVpcs$, (input) => {
    const vpcs = chosen([{ id: VPC, isDefault: true }], input.VpcIds, 'InvalidVpcID.NotFound');
    const found = matching(vpcs, input.Filters, {
      'vpc-id': ({ id }) => [id],
      'is-default': ({ isDefault }) => [String(isDefault)],
      isDefault: ({ isDefault }) => [String(isDefault)],
      state: () => ['available'],
    });
    const { items, next } = page(found, input);
    return {
      Vpcs: items.map(({ id }) => ({
        VpcId: id,
        IsDefault: true,
        State: 'available',
        CidrBlock: '172.31.0.0/16',
        OwnerId: world.account,
        InstanceTenancy: 'default',
      })),
      ...next,
    };
  }),
  operation<DescribeSubnetsCommandInput, DescribeSubnetsCommandOutput>(DescribeSubnets$, (input, { call }) => {
    const found = matching(chosen(subnetsOf(call.region), input.SubnetIds, 'InvalidSubnetID.NotFound'), input.Filters, {
      'subnet-id': ({ id }) => [id],
      'vpc-id': ({ vpc }) => [vpc],
      'availability-zone': ({ zone }) => [zone],
      'default-for-az': () => ['true'],
      defaultForAz: () => ['true'],
      state: () => ['available'],
    });
    const { items, next } = page(found, input);
    return {
      Subnets: items.map(({ id, zone, vpc, cidr }) => ({
        SubnetId: id,
        VpcId: vpc,
        AvailabilityZone: zone,
        CidrBlock: cidr,
        AvailableIpAddressCount: 4091,
        DefaultForAz: true,
        MapPublicIpOnLaunch: true,
        State: 'available',
        OwnerId: world.account,
      })),
      ...next,
    };
  }),
  operation<DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput>(
    DescribeSecurityGroups$,
    (input) => {
      const found = matching(
        chosen(securityGroups(world), input.GroupIds, 'InvalidGroup.NotFound'),
        input.Filters,
        {
          'group-id': ({ id }) => [id],
          'group-name': ({ name }) => [name],
          'vpc-id': ({ vpc }) => [vpc],
        },
        ({ tags }) => tags,
      );
      const { items, next } = page(found, input);
      return {
        SecurityGroups: items.map(({ id, name, vpc, inbound, tags }) => ({
          GroupId: id,
          GroupName: name,
          VpcId: vpc,
          OwnerId: world.account,
          Description: name,
          IpPermissions: inbound as IpPermission[],
          IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
          Tags: [...tags],
        })),
        ...next,
      };
    },
  ),
  operation<DescribeImagesCommandInput, DescribeImagesCommandOutput>(DescribeImages$, (input) => {
    const strange = input.Owners?.find((owner) => owner !== 'amazon');
    if (strange !== undefined) throw new AwsError('InvalidParameterValue', `The double has no images of ${strange}`);
    const found = matching(chosen(images, input.ImageIds, 'InvalidAMIID.NotFound'), input.Filters, {
      'image-id': ({ id }) => [id],
      name: ({ name }) => [name],
      state: () => ['available'],
      architecture: () => ['x86_64'],
      platform: ({ system }) => [system === 'windows' ? 'windows' : undefined],
      'owner-alias': () => ['amazon'],
    });
    return {
      Images: found.map(({ id, name, system, rootDevice, sizeGiB }) => ({
        ImageId: id,
        Name: name,
        State: 'available',
        Architecture: 'x86_64',
        ImageOwnerAlias: 'amazon',
        Public: true,
        RootDeviceName: rootDevice,
        RootDeviceType: 'ebs',
        VirtualizationType: 'hvm',
        PlatformDetails: system === 'windows' ? 'Windows' : 'Linux/UNIX',
        ...(system === 'windows' ? { Platform: 'Windows' as const } : {}),
        BlockDeviceMappings: [{ DeviceName: rootDevice, Ebs: { VolumeSize: sizeGiB, VolumeType: 'gp3' } }],
      })),
    };
  }),
];
