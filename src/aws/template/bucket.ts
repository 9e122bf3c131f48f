/** The install's lasting bucket: kits, installers, Ansible's transfers. Private, over TLS only, one version of each object. */
import { arnsOf, type AwsSite } from '../arns.js';
import { installBucketName, installKeys } from '../names.js';
import { policy, type ResourceStatement } from '../policy.js';
import type { Resource } from './types.js';

export function bucketResources(site: AwsSite): Readonly<Record<'Bucket' | 'BucketPolicy', Resource>> {
  const name = installBucketName(site.install, site.account, site.region);
  return {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: name,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'abort-uploads',
              Status: 'Enabled',
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            },
            // Its files may hold secrets. The connection plugin puts them under the instance's id where no prefix is set.
            expiring('ansible', installKeys.ansible),
            expiring('ansible-by-instance', 'i-'),
          ],
        },
      },
    },
    BucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy([tlsOnly(site, name)]) },
    },
  };
}

const expiring = (id: string, prefix: string) => ({
  Id: id,
  Status: 'Enabled',
  Prefix: prefix,
  ExpirationInDays: 1,
});

function tlsOnly(site: AwsSite, name: string): ResourceStatement {
  const arn = arnsOf(site).bucket(name);
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
