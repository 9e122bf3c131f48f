/** A launch that is only asked about: EC2 checks rights, image, network and profile as for a real one, and starts nothing. */
import type { RunInstancesCommandInput, _InstanceType } from '@aws-sdk/client-ec2';
import type { AwsClients } from './clients.js';
import { awsCode, awsFailure } from './errors.js';
import { instanceProfileName, tagKeys, type InstallSite } from './names.js';

export type DryRun =
  | { readonly outcome: 'allowed' }
  /** A right is missing: to launch, to tag, or to give the machine its role. */
  | { readonly outcome: 'denied'; readonly evidence: string }
  | { readonly outcome: 'refused'; readonly evidence: string };

export interface DryRunOptions {
  readonly site: InstallSite;
  readonly vpc: string;
  readonly securityGroup: string;
  /** Public SSM parameter with the image's id. */
  readonly imageParameter: string;
  readonly type: string;
}

/** @throws Failure where the network or the image cannot be looked at */
export async function dryRunLaunch(clients: AwsClients, options: DryRunOptions): Promise<DryRun> {
  const [image, subnets] = await Promise.all([
    imageOf(clients, options.imageParameter),
    subnetsOf(clients, options.vpc),
  ]);
  const ec2 = await clients.ec2();
  const { RunInstancesCommand } = await import('@aws-sdk/client-ec2');
  let last: DryRun = { outcome: 'refused', evidence: `The network ${options.vpc} has no subnet` };
  for (const subnet of subnets) {
    try {
      await ec2.send(new RunInstancesCommand(requestOf(options, image, subnet)));
      return { outcome: 'allowed' };
    } catch (error) {
      const code = awsCode(error) ?? 'unknown';
      // The good answer of a dry run is an error too.
      if (code === 'DryRunOperation') return { outcome: 'allowed' };
      const evidence = `${code}: ${(error as Error).message}`;
      if (code === 'UnauthorizedOperation') return { outcome: 'denied', evidence };
      last = { outcome: 'refused', evidence };
      // Not every zone has every type.
      if (code !== 'Unsupported') return last;
    }
  }
  return last;
}

function requestOf(
  { site, securityGroup, type }: DryRunOptions,
  image: { readonly id: string; readonly rootDevice: string },
  subnet: string,
): RunInstancesCommandInput {
  const Tags = [
    ...Object.entries(tagKeys).map(([name, Key]) => ({ Key, Value: name === 'install' ? site.install : 'dry-run' })),
  ];
  return {
    DryRun: true,
    MinCount: 1,
    MaxCount: 1,
    ImageId: image.id,
    InstanceType: type as _InstanceType,
    IamInstanceProfile: { Name: instanceProfileName(site.install, site.region) },
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: subnet,
        Groups: [securityGroup],
        AssociatePublicIpAddress: true,
        DeleteOnTermination: true,
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDevice,
        Ebs: { VolumeSize: ROOT_GIB, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
      },
    ],
    TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({
      ResourceType,
      Tags,
    })),
  };
}

/** As large as any image wants it. */
const ROOT_GIB = 100;

async function imageOf(clients: AwsClients, parameter: string): Promise<{ id: string; rootDevice: string }> {
  const [ssm, { GetParameterCommand }, ec2, { DescribeImagesCommand }] = await Promise.all([
    clients.ssm(),
    import('@aws-sdk/client-ssm'),
    clients.ec2(),
    import('@aws-sdk/client-ec2'),
  ]);
  try {
    const id = (await ssm.send(new GetParameterCommand({ Name: parameter }))).Parameter?.Value ?? '';
    const { Images: [image] = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
    return { id, rootDevice: image?.RootDeviceName ?? '/dev/sda1' };
  } catch (error) {
    throw awsFailure(error, `AWS does not tell its newest image (${parameter})`, { ParameterNotFound: 'unsupported' });
  }
}

async function subnetsOf(clients: AwsClients, vpc: string): Promise<string[]> {
  const [ec2, { DescribeSubnetsCommand }] = await Promise.all([clients.ec2(), import('@aws-sdk/client-ec2')]);
  try {
    const { Subnets = [] } = await ec2.send(
      new DescribeSubnetsCommand({
        Filters: [
          { Name: 'vpc-id', Values: [vpc] },
          { Name: 'default-for-az', Values: ['true'] },
        ],
      }),
    );
    return Subnets.flatMap(({ SubnetId }) => SubnetId ?? []);
  } catch (error) {
    throw awsFailure(error, `The subnets of ${vpc} could not be looked at`);
  }
}
