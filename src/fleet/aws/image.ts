/** The image that machines start from: the user's own, or the newest public one of the system. */
import type { AwsClients } from '../../aws/clients.js';
import type { MachineOrder, MachineSystem } from '../../domain/aws.js';
import { Failure } from '../../domain/failures.js';
import { asked, ec2Of } from './ec2.js';

export interface SystemImage {
  readonly id: string;
  /** Where its root volume is attached: `/dev/sda1`. */
  readonly rootDevice: string;
}

/** AWS's public SSM parameters. Linux comes with NVIDIA's driver (Ubuntu 24.04); Windows gets its driver from the `driver` role. */
export const publicImages: Readonly<Record<MachineSystem, string>> = {
  windows: '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base',
  linux: '/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id',
};

/** @throws Failure `unsupported` when there is no such image, or it is one of another system */
export async function resolveImage(clients: AwsClients, order: MachineOrder): Promise<SystemImage> {
  const id = order.image ?? (await newest(clients, order.system));
  const { client, sdk } = await ec2Of(clients);
  const { Images = [] } = await asked(`The image ${id} cannot be looked at`, (options) =>
    client.send(new sdk.DescribeImagesCommand({ ImageIds: [id] }), options),
  );
  const [image] = Images;
  const system: MachineSystem = image?.Platform === 'Windows' ? 'windows' : 'linux';
  if (!image?.RootDeviceName || system !== order.system) {
    throw new Failure('unsupported', `The image ${id} is no image of ${order.system} that this account can see`, {
      evidence: image ? `Platform ${image.Platform ?? 'Linux/UNIX'}` : 'DescribeImages found none',
      next: 'Name another image, or none',
    });
  }
  return { id, rootDevice: image.RootDeviceName };
}

async function newest(clients: AwsClients, system: MachineSystem): Promise<string> {
  const [client, { GetParameterCommand }] = await Promise.all([clients.ssm(), import('@aws-sdk/client-ssm')]);
  const name = publicImages[system];
  const { Parameter } = await asked(`AWS does not tell its newest image of ${system}`, (options) =>
    client.send(new GetParameterCommand({ Name: name }), options),
  );
  if (Parameter?.Value === undefined) {
    throw new Failure('unsupported', `This region has no public image ${name}`, { next: 'Name an image of your own' });
  }
  return Parameter.Value;
}
