/** Boots a machine anew between two plays: Ansible's own reboot hangs for ever over SSM. */
import type { AwsClients } from '../../../aws/clients.js';
import { awsFailure } from '../../../aws/errors.js';
import { lasting } from '../../../domain/durations.js';
import { Failure } from '../../../domain/failures.js';
import { pause } from '../../../process/pause.js';
import type { Watch } from '../../port.js';
import type { Target } from '../ports.js';
import type { SsmRemote } from '../ssm/remote.js';

export interface Rebooting {
  readonly clients: AwsClients;
  readonly remote: Pick<SsmRemote, 'boot'>;
  readonly timeScale: number;
}

/** Returns when the machine answers with another boot than before. @throws Failure `machine-lost` when it does not come back, `cancelled` */
export async function reboot(target: Target, { clients, remote, timeScale }: Rebooting, watch: Watch): Promise<void> {
  const { ref, instanceId } = target;
  const before = await remote.boot(target, watch.signal);
  watch.report('the machine boots anew');
  await tellEc2(clients, instanceId, ref.machine);
  const deadline = performance.now() + lasting('reboot', timeScale);
  for (;;) {
    await pause(lasting('machineLook', timeScale), watch.signal);
    if (watch.signal.aborted) throw new Failure('cancelled', `Waiting for ${ref.machine} was stopped`);
    const now = await whileAway(remote.boot(target, watch.signal));
    if (now !== undefined && now !== before) return;
    if (performance.now() > deadline)
      throw new Failure('machine-lost', `${ref.machine} did not come back from its reboot`, { evidence: instanceId });
  }
}

async function tellEc2(clients: AwsClients, instanceId: string, machine: string): Promise<void> {
  const { RebootInstancesCommand } = await import('@aws-sdk/client-ec2');
  try {
    await (await clients.ec2()).send(new RebootInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    throw awsFailure(error, `${machine} could not be told to boot anew`, {
      'InvalidInstanceID.NotFound': 'machine-lost',
    });
  }
}

/** A machine that is down does not answer, and a command that it was doing is lost: that is what we wait for. */
const whileAway = (answer: Promise<string>): Promise<string | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof Failure && (error.kind === 'machine-lost' || error.kind === 'stalled')) return undefined;
    throw error;
  });
