/** What every season's bucket is given: closed to the public, TLS only, no upload left open for ever, tagged. Versioning stays off. */
import type { LifecycleRule, PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import type { SeasonId } from '../../domain/ids.js';

export const publicAccess: PublicAccessBlockConfiguration = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** A day is the least that S3 knows; an upload that nobody has resumed by then begins anew. */
export const lifecycleRules: LifecycleRule[] = [
  {
    ID: 'abort-incomplete-uploads',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  },
];

/** Other partitions than `aws` have ARNs of their own. */
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

export function bucketPolicy(bucket: string, region: string): string {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
}

export const bucketTags = (install: string, season: SeasonId): { Key: string; Value: string }[] => [
  { Key: 'taaf:install', Value: install },
  { Key: 'taaf:season', Value: season },
];
