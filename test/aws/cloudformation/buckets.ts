/** Buckets of a stack: made through S3 itself, so that its own rules hold. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type BucketLocationConstraint,
  type LifecycleRule,
  type OwnershipControls,
  type PublicAccessBlockConfiguration,
  type ServerSideEncryptionByDefault,
} from '@aws-sdk/client-s3';
import type { Kind, Making, Properties } from './kind.js';

interface BucketProperties {
  readonly BucketName: string;
  readonly OwnershipControls: OwnershipControls;
  readonly PublicAccessBlockConfiguration: PublicAccessBlockConfiguration;
  readonly BucketEncryption: {
    readonly ServerSideEncryptionConfiguration: readonly {
      readonly ServerSideEncryptionByDefault: ServerSideEncryptionByDefault;
    }[];
  };
  readonly LifecycleConfiguration: { readonly Rules: readonly StackRule[] };
}

/** A rule in CloudFormation's words. */
interface StackRule {
  readonly Id: string;
  readonly Status: 'Enabled';
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

export const bucketKind: Kind = {
  // CloudFormation wants none of them; a bucket of TAAF without them would be one that is not hardened.
  required: [
    'BucketName',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'BucketEncryption',
    'LifecycleConfiguration',
  ],
  optional: [],
  fixed: ['BucketName'],
  async create(properties, making) {
    const { BucketName: name } = properties as unknown as BucketProperties;
    const here = making.region as BucketLocationConstraint;
    await using(making, (s3) =>
      s3.send(
        new CreateBucketCommand({
          Bucket: name,
          ...(making.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: here } }),
        }),
      ),
    );
    return settle(properties, making);
  },
  update: (_id, properties, making) => settle(properties, making),
  remove: (name, making) => using(making, (s3) => s3.send(new DeleteBucketCommand({ Bucket: name }))),
};

async function settle(properties: Properties, making: Making) {
  const bucket = properties as unknown as BucketProperties;
  const Bucket = bucket.BucketName;
  await using(making, async (s3) => {
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [...making.tags] } }));
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: bucket.OwnershipControls }));
    const block = bucket.PublicAccessBlockConfiguration;
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }));
    // S3's own word for it is longer.
    const Rules = bucket.BucketEncryption.ServerSideEncryptionConfiguration.map(
      ({ ServerSideEncryptionByDefault: standard }) => ({ ApplyServerSideEncryptionByDefault: standard }),
    );
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    const rules = bucket.LifecycleConfiguration.Rules.map(ruleOf);
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules } }));
  });
  return { id: Bucket, attributes: { Arn: `arn:aws:s3:::${Bucket}` } };
}

const ruleOf = ({ Id, Status, Prefix = '', ExpirationInDays, AbortIncompleteMultipartUpload }: StackRule) =>
  ({
    ID: Id,
    Status,
    Filter: { Prefix },
    ...(ExpirationInDays === undefined ? {} : { Expiration: { Days: ExpirationInDays } }),
    ...(AbortIncompleteMultipartUpload === undefined ? {} : { AbortIncompleteMultipartUpload }),
  }) satisfies LifecycleRule;

export const bucketPolicyKind: Kind = {
  required: ['Bucket', 'PolicyDocument'],
  optional: [],
  fixed: ['Bucket'],
  create: (properties, making) => putPolicy(properties, making),
  update: (_id, properties, making) => putPolicy(properties, making),
  remove: (Bucket, making) => using(making, (s3) => s3.send(new DeleteBucketPolicyCommand({ Bucket }))),
};

async function putPolicy({ Bucket, PolicyDocument }: Properties, making: Making) {
  const bucket = String(Bucket);
  await using(making, (s3) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(PolicyDocument) })),
  );
  return { id: bucket, attributes: {} };
}

/** CloudFormation acts with the rights of whoever asked. */
async function using({ world, region, accessKey }: Making, act: (s3: S3Client) => Promise<unknown>): Promise<void> {
  const s3 = new S3Client({
    region,
    endpoint: world.url(),
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: accessKey, secretAccessKey: 'the double does not verify' },
  });
  try {
    await act(s3);
  } finally {
    s3.destroy();
  }
}
