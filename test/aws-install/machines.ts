/** Machines in the double that somebody has launched. */
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { until } from '../helpers/until.js';
import type { Cloud } from './cloud.js';

/** @returns the instance's id, once it runs */
export async function launch({ clients, double }: Cloud, tags: Readonly<Record<string, string>>): Promise<string> {
  const ec2 = await clients.ec2();
  const { Instances: [made] = [] } = await ec2.send(
    new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: 'ami-0d0b1e00000000023',
      InstanceType: 'g6.2xlarge',
      TagSpecifications: [
        { ResourceType: 'instance', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    }),
  );
  const id = made?.InstanceId ?? '';
  await until(() => double.instances().find((instance) => instance.id === id)?.state === 'running');
  return id;
}
