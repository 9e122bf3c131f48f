/** The SDK's clients, each loaded when it is first wanted: one set for one way to reach AWS. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { AwsAccess } from '../domain/aws.js';

export interface AwsClients {
  readonly ec2: () => Promise<EC2Client>;
  readonly ssm: () => Promise<SSMClient>;
  readonly sts: () => Promise<STSClient>;
  readonly s3: (options?: S3Options) => Promise<S3Client>;
  readonly iam: () => Promise<IAMClient>;
  readonly cloudFormation: () => Promise<CloudFormationClient>;
  readonly quotas: () => Promise<ServiceQuotasClient>;
}

export interface S3Options {
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
}

/** Attempts of one call inside the SDK, with its own jittered back-off; what lasts longer is an activity's retry. */
const ATTEMPTS = 4;

/** A connection that is silent for so long is dead: a laptop has slept, a network has gone. Without it a call would wait for ever. */
const SILENCE_MS = 60_000;
const CONNECT_MS = 10_000;

/** Addresses come from the SDK's own AWS_ENDPOINT_URL where that is set. */
export function awsClients({ region, profile }: AwsAccess): AwsClients {
  // Five lines at every start on Node 20; `taaf doctor` says it once instead.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const requestHandler = { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS };
  const common = { region, maxAttempts: ATTEMPTS, requestHandler, ...(profile === undefined ? {} : { profile }) };
  return {
    ec2: once(async () => new (await import('@aws-sdk/client-ec2')).EC2Client(common)),
    ssm: once(async () => new (await import('@aws-sdk/client-ssm')).SSMClient(common)),
    sts: once(async () => new (await import('@aws-sdk/client-sts')).STSClient(common)),
    iam: once(async () => new (await import('@aws-sdk/client-iam')).IAMClient(common)),
    quotas: once(async () => new (await import('@aws-sdk/client-service-quotas')).ServiceQuotasClient(common)),
    cloudFormation: once(async () => new (await import('@aws-sdk/client-cloudformation')).CloudFormationClient(common)),
    async s3({ endpoint, pathStyle } = {}) {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({
        ...common,
        ...(endpoint === undefined ? {} : { endpoint }),
        // A stand-in for AWS on this computer has no names for its buckets.
        forcePathStyle: pathStyle ?? process.env['AWS_ENDPOINT_URL'] !== undefined,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      });
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
