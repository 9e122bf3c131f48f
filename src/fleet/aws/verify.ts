/** Whether a machine came as it was asked for: what would let it bill for ever, or let its role out, ends it at once. */
import { Failure } from '../../domain/failures.js';
import { asked, type Ec2 } from './ec2.js';
import type { Instance } from './instances.js';

/** @returns what is wrong, in words; empty when all is as it was asked for */
export async function faultsOf({ client, sdk }: Ec2, instance: Instance): Promise<string[]> {
  const [behaviour, volumes] = await Promise.all([
    asked(`EC2 does not say how ${instance.id} shuts down`, (options) =>
      client.send(
        new sdk.DescribeInstanceAttributeCommand({
          InstanceId: instance.id,
          Attribute: 'instanceInitiatedShutdownBehavior',
        }),
        options,
      ),
    ),
    asked(`EC2 does not say what volumes ${instance.id} has`, (options) =>
      client.send(
        new sdk.DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instance.id] }] }),
        options,
      ),
    ),
  ]);
  const shutdown = behaviour.InstanceInitiatedShutdownBehavior?.Value;
  const open = (volumes.Volumes ?? []).filter(({ Encrypted }) => Encrypted !== true);
  return [
    ...(shutdown === 'terminate' ? [] : [`its own shutdown would ${shutdown ?? '(unknown)'} it, not terminate it`]),
    ...(instance.imdsTokens === 'required'
      ? []
      : [`its metadata asks for no token (${instance.imdsTokens ?? 'unknown'})`]),
    ...(instance.imdsHops === 1 ? [] : [`its metadata answer over ${instance.imdsHops ?? 'unknown'} hops`]),
    ...(volumes.Volumes?.length ? [] : ['it has no volume']),
    ...open.map(({ VolumeId }) => `its volume ${VolumeId ?? ''} is not encrypted`),
    ...instance.keptVolumes.map((volume) => `its volume ${volume} would stay after its end`),
  ];
}

export const rejection = (machine: string, instance: Instance, faults: readonly string[]): Failure =>
  new Failure('configure-failed', `The machine ${machine} came otherwise than it was asked for, and was ended`, {
    evidence: `${instance.id}: ${faults.join('; ')}`,
    next: 'Look for a policy of the account that changes machines at their launch, then run: taaf retry <episode>',
  });
