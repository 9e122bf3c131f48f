/** The double of AWS with what an installation needs of it, and this process set to it. */
import { onTestFinished } from 'vitest';
import { awsClients, type AwsClients } from '../../src/aws/clients.js';
import type { AwsDouble, DoubleOptions } from '../aws/double.js';
import type { PolicyDocument } from '../aws/iam/simulate.js';
import type { S3State } from '../aws/s3/state.js';
import { startWholeDouble } from '../aws/whole.js';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';
export const INSTALL = '0123456789abcdef';
export const LAPTOP = `arn:aws:iam::${ACCOUNT}:user/laptop`;
export const SITE = { install: INSTALL, account: ACCOUNT, region: REGION, partition: 'aws' };

export interface Cloud {
  readonly double: AwsDouble;
  readonly clients: AwsClients;
  readonly s3: S3State;
  /** Policies by principal: without one it may do everything. */
  readonly policies: Map<string, PolicyDocument>;
}

/** Ends with the test that asked for it. */
export async function startCloud(options: DoubleOptions = {}): Promise<Cloud> {
  const double = await startWholeDouble({
    timeScale: 500,
    region: REGION,
    account: ACCOUNT,
    machines: 'virtual',
    houseRules: false,
    ...options,
  });
  const before = { ...process.env };
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_REGION', 'AWS_SESSION_TOKEN'])
    Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, double.environment, {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  onTestFinished(async () => {
    process.env = before;
    await double.stop();
  });
  return { double, s3: double.s3, policies: double.policies, clients: awsClients({ region: REGION }) };
}
