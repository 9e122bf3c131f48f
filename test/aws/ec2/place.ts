/** The network and the images that an account of the double begins with. */
import type { World } from '../service.js';
import type { System } from './types.js';

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  readonly vpc: string;
  readonly cidr: string;
}

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly system: System;
  readonly rootDevice: string;
  /** GiB of the snapshot: a root volume is no smaller. */
  readonly sizeGiB: number;
  /** Names of the public SSM parameters that lead to it. */
  readonly parameters: readonly string[];
}

export const VPC = 'vpc-0d0b1e00000000001';
export const DEFAULT_GROUP = 'sg-0d0b1e00000000001';

export const zonesOf = (region: string): string[] => ['a', 'b', 'c'].map((letter) => `${region}${letter}`);

export const subnetsOf = (region: string): Subnet[] =>
  zonesOf(region).map((zone, at) => ({
    id: `subnet-0d0b1e0000000000${at + 1}`,
    zone,
    vpc: VPC,
    cidr: `172.31.${at * 16}.0/20`,
  }));

/** One public image for each line that TAAF may ask for. */
export const images: readonly Image[] = [
  {
    id: 'ami-0d0b1e0000000022a',
    name: 'Windows_Server-2022-English-Full-Base-2026.11.12',
    system: 'windows',
    rootDevice: '/dev/sda1',
    sizeGiB: 30,
    parameters: ['/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base'],
  },
  {
    id: 'ami-0d0b1e0000000025a',
    name: 'Windows_Server-2025-English-Full-Base-2026.11.12',
    system: 'windows',
    rootDevice: '/dev/sda1',
    sizeGiB: 30,
    parameters: ['/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base'],
  },
  {
    id: 'ami-0d0b1e00000000023',
    name: 'al2023-ami-2023.9.20261110.0-kernel-6.1-x86_64',
    system: 'linux',
    rootDevice: '/dev/xvda',
    sizeGiB: 8,
    parameters: [
      '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64',
      '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    ],
  },
  {
    id: 'ami-0d0b1e00000000024',
    name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261108',
    system: 'linux',
    rootDevice: '/dev/sda1',
    sizeGiB: 8,
    parameters: ['/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id'],
  },
  {
    id: 'ami-0d0b1e0000000d1ba',
    name: 'Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04) 20261101',
    system: 'linux',
    rootDevice: '/dev/sda1',
    sizeGiB: 65,
    parameters: ['/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id'],
  },
  {
    id: 'ami-0d0b1e0000000d1b2',
    name: 'Deep Learning Base OSS Nvidia Driver GPU AMI (Amazon Linux 2023) 20261101',
    system: 'linux',
    rootDevice: '/dev/xvda',
    sizeGiB: 65,
    parameters: ['/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id'],
  },
];

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  readonly inbound: readonly unknown[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** The default group, and what CloudFormation has made. */
export function securityGroups(world: World): SecurityGroup[] {
  const made = [...world.resources]
    .filter(([, { type }]) => type === 'AWS::EC2::SecurityGroup')
    .map(([id, { properties }]) => {
      const { GroupName, SecurityGroupIngress, VpcId, Tags } = properties as {
        readonly GroupName?: string;
        readonly SecurityGroupIngress?: readonly unknown[];
        readonly VpcId?: string;
        readonly Tags?: SecurityGroup['tags'];
      };
      return {
        id,
        name: GroupName ?? id,
        vpc: VpcId ?? VPC,
        inbound: SecurityGroupIngress ?? [],
        tags: Tags ?? [],
      };
    });
  // The default group lets its own members in.
  return [{ id: DEFAULT_GROUP, name: 'default', vpc: VPC, inbound: [{ IpProtocol: '-1' }], tags: [] }, ...made];
}
