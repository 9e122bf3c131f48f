/** The place of an installation in AWS, and what its stack tells of it. */
import type { Stack } from '@aws-sdk/client-cloudformation';
import { Failure } from '../domain/failures.js';
import type { AwsSite } from './arns.js';
import type { AwsClients } from './clients.js';
import { awsFailure } from './errors.js';
import type { AwsIdentity } from './identity.js';
import { stackName } from './names.js';
import { findStack } from './stack.js';
import type { OutputName } from './template/template.js';
import { outputNames } from './template/template.js';

export const siteOf = ({ account, region, partition }: AwsIdentity, install: string): AwsSite => ({
  install,
  account,
  region,
  partition,
});

export interface InstallState {
  /** `absent`: nothing there. `ready`: may be used. `changing`: AWS is at work on it. `broken`: made in part, or not at all. */
  readonly state: 'absent' | 'ready' | 'changing' | 'broken';
  /** CloudFormation's own word. */
  readonly status?: string;
  /** Of a ready one. */
  readonly outputs?: Readonly<Record<OutputName, string>>;
}

const whole = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

export async function installState(clients: AwsClients, install: string): Promise<InstallState> {
  const stack = await findStack(await clients.cloudFormation(), stackName(install));
  const status = stack?.StackStatus;
  if (stack === undefined || status === undefined || status === 'REVIEW_IN_PROGRESS') return { state: 'absent' };
  if (status.endsWith('_IN_PROGRESS')) return { state: 'changing', status };
  const outputs = outputsOf(stack);
  return whole.has(status) && outputs ? { state: 'ready', status, outputs } : { state: 'broken', status };
}

/** @throws Failure `usage` with what to run, unless it is ready */
export async function requireInstall(
  clients: AwsClients,
  { install, region }: AwsSite,
): Promise<Readonly<Record<OutputName, string>>> {
  const { state, status, outputs } = await installState(clients, install);
  if (outputs) return outputs;
  const what = {
    absent: `TAAF has nothing in ${region} yet`,
    changing: `AWS is still at work on what TAAF has in ${region}`,
    broken: `What TAAF has in ${region} is not whole`,
    ready: '',
  }[state];
  throw new Failure('usage', what, {
    ...(status === undefined ? {} : { evidence: status }),
    next: 'Run: taaf aws init',
  });
}

function outputsOf({ Outputs = [] }: Stack): Readonly<Record<OutputName, string>> | undefined {
  const found = Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]));
  return outputNames.every((name) => found[name] !== undefined)
    ? (found as Readonly<Record<OutputName, string>>)
    : undefined;
}

/** The network that every account has in a region unless somebody removed it. @throws Failure `usage` where there is none */
export async function defaultVpc(clients: AwsClients, { region, profile }: AwsIdentity): Promise<string> {
  const [ec2, { DescribeVpcsCommand }] = await Promise.all([clients.ec2(), import('@aws-sdk/client-ec2')]);
  try {
    const { Vpcs: [vpc] = [] } = await ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
    );
    if (vpc?.VpcId !== undefined) return vpc.VpcId;
  } catch (error) {
    throw awsFailure(error, `The networks of ${region} could not be looked at`);
  }
  throw new Failure('usage', `This account has no default network in ${region}`, {
    next: `Make one (it costs nothing): aws ec2 create-default-vpc --region ${region}${profile === undefined ? '' : ` --profile ${profile}`}`,
  });
}
