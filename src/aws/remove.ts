/** Takes an installation out of AWS: everything that `taaf aws init` made, confirmed gone. Safe to repeat. */
import { Failure } from '../domain/failures.js';
import { pause } from '../process/pause.js';
import type { AwsSite } from './arns.js';
import { emptyBucket, removeBucket } from './buckets.js';
import type { AwsClients } from './clients.js';
import { awsFailure } from './errors.js';
import { liveMachines, seasonBuckets, type LiveMachine } from './leftovers.js';
import { removeLicence } from './licence.js';
import { installBucketName, stackName } from './names.js';
import { findStack, removeStack, type StackWatch } from './stack.js';

/** What of seasons is still there: machines that bill, renders that may be wanted. */
export interface InUse {
  readonly machines: readonly LiveMachine[];
  readonly buckets: readonly string[];
}

export async function inUse(clients: AwsClients, site: AwsSite): Promise<InUse> {
  const [machines, buckets] = await Promise.all([liveMachines(clients, site), seasonBuckets(clients, site)]);
  return { machines, buckets };
}

/**
 * @param discard ends the machines and deletes the seasons' buckets with all that is in them
 * @throws Failure `usage` while something is in use, unless it is to be discarded
 */
export async function removeInstall(
  clients: AwsClients,
  site: AwsSite,
  { discard, ...watch }: StackWatch & { readonly discard: boolean },
): Promise<void> {
  const found = await inUse(clients, site);
  if (found.machines.length + found.buckets.length > 0) {
    if (!discard) throw stillInUse(found);
    await endMachines(clients, site, found.machines, watch);
    for (const name of found.buckets) {
      watch.report(`Deleting the bucket ${name}`);
      await removeBucket(clients, name, site.account);
    }
  }
  const cloudFormation = await clients.cloudFormation();
  const bucket = installBucketName(site.install, site.account, site.region);
  await removeLicence(clients, site.install);
  await emptyBucket(clients, bucket, site.account);
  await removeStack(cloudFormation, stackName(site.install), watch);
  if ((await findStack(cloudFormation, stackName(site.install))) !== undefined)
    throw new Failure('configure-failed', 'The stack has come back while it was removed', {
      next: 'See who else runs taaf aws init, then run: taaf aws remove',
    });
}

function stillInUse({ machines, buckets }: InUse): Failure {
  const things = [
    ...machines.map(({ id, machine, state }) => `${id} (${machine ?? 'machine'}, ${state})`),
    ...buckets.map((name) => `bucket ${name}`),
  ];
  return new Failure('usage', 'Seasons still have machines or buckets in AWS: nothing was removed', {
    evidence: things.join(', '),
    next: 'Let them finish, or run: taaf cancel <season>; to throw away what they have: taaf aws remove --discard',
  });
}

async function endMachines(
  clients: AwsClients,
  site: AwsSite,
  machines: readonly LiveMachine[],
  watch: StackWatch,
): Promise<void> {
  const [ec2, { TerminateInstancesCommand }] = await Promise.all([clients.ec2(), import('@aws-sdk/client-ec2')]);
  for (const { id } of machines) {
    watch.report(`Ending the machine ${id}`);
    try {
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    } catch (error) {
      throw awsFailure(error, `The machine ${id} could not be ended`);
    }
  }
  while ((await liveMachines(clients, site)).length > 0) {
    await pause(watch.everyMs, watch.signal);
    if (watch.signal.aborted)
      throw new Failure('cancelled', 'The waiting was ended while machines were shutting down', {
        next: 'Run the same command again',
      });
  }
}
