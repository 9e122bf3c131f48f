/** The double of AWS with what an installation needs of it, and this process set to it. */
import { onTestFinished } from 'vitest';
import { awsClients, type AwsClients } from '../../src/aws/clients.js';
import { cloudFormationService } from '../aws/cloudformation/service.js';
import { startDouble, type AwsDouble, type DoubleOptions } from '../aws/double.js';
import { iamService } from '../aws/iam/service.js';
import type { PolicyDocument } from '../aws/iam/simulate.js';
import { s3Service } from '../aws/s3/service.js';
import { s3State, type S3State } from '../aws/s3/state.js';

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
  const policies = new Map<string, PolicyDocument>();
  let s3: S3State | undefined;
  const double = await startDouble({
    timeScale: 500,
    region: REGION,
    account: ACCOUNT,
    machines: 'virtual',
    houseRules: false,
    ...options,
    services: {
      s3: (world) => {
        s3 = s3State(world.folder);
        return s3Service(world, { state: s3, fault: world.fault });
      },
      cloudformation: cloudFormationService,
      iam: (world) => iamService(world, policies),
    },
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
  if (s3 === undefined) throw new Error('the double has no S3');
  return { double, s3, policies, clients: awsClients({ region: REGION }) };
}
