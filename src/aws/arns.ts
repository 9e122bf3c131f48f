/** Amazon resource names of what an installation has, and of what it asks for. */
import {
  installBucketName,
  licenceParameterName,
  parameterPrefix,
  roleName,
  seasonBucketPrefix,
  stackName,
  startDocumentName,
  terminatorName,
  terminatorRoleName,
  type InstallSite,
} from './names.js';

/** An installation's place with the partition of AWS that it is in: `aws`, `aws-us-gov`, … */
export interface AwsSite extends InstallSite {
  readonly partition: string;
}

export type Arns = ReturnType<typeof arnsOf>;

export function arnsOf(site: AwsSite) {
  const { partition, account, region, install } = site;
  const here = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const bucket = (name: string): string => `arn:${partition}:s3:::${name}`;
  const iam = (resource: string): string => `arn:${partition}:iam::${account}:${resource}`;
  const installBucket = bucket(installBucketName(install, account, region));
  const seasonBuckets = bucket(`${seasonBucketPrefix(site)}*`);
  return {
    installBucket,
    inInstallBucket: (prefix: string): string => `${installBucket}/${prefix}*`,
    seasonBuckets,
    inSeasonBuckets: `${seasonBuckets}/*`,
    bucket,
    iam,
    machineRole: iam(`role/${roleName(install, region)}`),
    terminatorRole: iam(`role/${terminatorRoleName(install, region)}`),
    ec2: (resource: string): string => here('ec2', resource),
    /** An image belongs to the region, not to the account. */
    images: `arn:${partition}:ec2:${region}::image/*`,
    document: here('ssm', `document/${startDocumentName(install)}`),
    ssm: (resource: string): string => here('ssm', resource),
    parameters: here('ssm', `parameter${parameterPrefix(install)}*`),
    licence: here('ssm', `parameter${licenceParameterName(install)}`),
    /** Parameters that AWS publishes, such as the ids of the newest images. */
    publicParameters: `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
    stack: here('cloudformation', `stack/${stackName(install)}/*`),
    terminatorLog: here('logs', `log-group:/aws/lambda/${terminatorName(install)}:*`),
  };
}
