/** Ending instances, and starting them again. */
import {
  RebootInstances$,
  StartInstances$,
  StopInstances$,
  TerminateInstances$,
  type InstanceStateChange,
  type RebootInstancesCommandInput,
  type RebootInstancesCommandOutput,
  type StartInstancesCommandInput,
  type StartInstancesCommandOutput,
  type StopInstancesCommandInput,
  type StopInstancesCommandOutput,
  type TerminateInstancesCommandInput,
  type TerminateInstancesCommandOutput,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { Account } from './account.js';
import { byIds } from './describe-instances.js';
import { stateCodes, type Instance, type InstanceState } from './instance.js';

const BY_USER = ['Client.UserInitiatedShutdown', 'User initiated shutdown'] as const;
const stateOf = (state: InstanceState) => ({ Code: stateCodes[state], Name: state });

/** Does something to instances and tells what state each left and entered. */
function change(instances: readonly Instance[], act: (instance: Instance) => void): InstanceStateChange[] {
  return instances.map((instance) => {
    const before = instance.state;
    act(instance);
    return { InstanceId: instance.id, PreviousState: stateOf(before), CurrentState: stateOf(instance.state) };
  });
}

interface Wanted {
  readonly InstanceIds?: string[] | undefined;
  readonly DryRun?: boolean | undefined;
}

function wanted(account: Account, region: string, input: Wanted): Instance[] {
  const instances = byIds(account, region, input.InstanceIds ?? []);
  if (input.DryRun === true)
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  return instances;
}

/** Ended again it answers the same; the script `stuck` accepts it and leaves it `shutting-down`. */
export const terminateInstances = (account: Account): Operation =>
  operation<TerminateInstancesCommandInput, TerminateInstancesCommandOutput>(
    TerminateInstances$,
    (input, { call, fault }) => ({
      TerminatingInstances: change(wanted(account, call.region, input), (instance) =>
        account.instances.terminate(instance, ...BY_USER, fault?.kind === 'stuck'),
      ),
    }),
  );

export const stopInstances = (account: Account): Operation =>
  operation<StopInstancesCommandInput, StopInstancesCommandOutput>(StopInstances$, (input, { call }) => {
    const instances = wanted(account, call.region, input);
    const spot = instances.find(({ market }) => market === 'spot');
    if (spot !== undefined)
      throw new AwsError(
        'UnsupportedOperation',
        `You can't stop the Spot Instance '${spot.id}' because it is associated with a one-time Spot Instance request.`,
      );
    return { StoppingInstances: change(instances, (instance) => account.instances.stop(instance, ...BY_USER)) };
  });

export const startInstances = (account: Account): Operation =>
  operation<StartInstancesCommandInput, StartInstancesCommandOutput>(StartInstances$, (input, { call }) => ({
    StartingInstances: change(wanted(account, call.region, input), (instance) => account.instances.start(instance)),
  }));

export const rebootInstances = (account: Account): Operation =>
  operation<RebootInstancesCommandInput, RebootInstancesCommandOutput>(RebootInstances$, (input, { call }) => {
    for (const instance of wanted(account, call.region, input)) account.instances.reboot(instance);
    return {};
  });
