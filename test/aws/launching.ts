/** A launch as TAAF promises it, and a double that has what it names: for tests of the double itself. */
import { EC2Client, type RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import type { AwsDouble } from './double.js';

export const PROFILE = 'taaf-test-machine';
export const GROUP = 'sg-0123456789abcdef0';
export const WINDOWS = 'ami-0d0b1e0000000022a';
export const LINUX = 'ami-0d0b1e00000000023';

/** What CloudFormation would have made. */
export function prepare({ world }: AwsDouble): void {
  world.resources.set(PROFILE, { type: 'AWS::IAM::InstanceProfile', properties: {} });
  world.resources.set(GROUP, { type: 'AWS::EC2::SecurityGroup', properties: { GroupName: 'taaf-test-machine' } });
}

export const credentials = (double: AwsDouble) => ({
  accessKeyId: String(double.environment['AWS_ACCESS_KEY_ID']),
  secretAccessKey: 'double',
});

export const ec2Of = (double: AwsDouble, region = double.world.region): EC2Client =>
  new EC2Client({ region, endpoint: double.url, credentials: credentials(double), maxAttempts: 1 });

const tags = ['install', 'season', 'episode', 'machine', 'launch', 'deadline', 'version'].map((name) => ({
  Key: `taaf:${name}`,
  Value: name === 'launch' ? '1' : `a-${name}`,
}));

export const order = (token: string, more: Partial<RunInstancesCommandInput> = {}): RunInstancesCommandInput => ({
  MinCount: 1,
  MaxCount: 1,
  ClientToken: token,
  ImageId: LINUX,
  InstanceType: 'g6.2xlarge',
  SubnetId: 'subnet-0d0b1e00000000001',
  SecurityGroupIds: [GROUP],
  IamInstanceProfile: { Name: PROFILE },
  InstanceInitiatedShutdownBehavior: 'terminate',
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
  BlockDeviceMappings: [
    { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 100, Encrypted: true, DeleteOnTermination: true } },
  ],
  TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({
    ResourceType,
    Tags: tags,
  })),
  UserData: Buffer.from('#!/bin/sh\ntrue\n').toString('base64'),
  ...more,
});

/** Code of the error that a call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { Code, code, name } = error as { readonly Code?: string; readonly code?: string; readonly name: string };
    return Code ?? code ?? name;
  }
}
