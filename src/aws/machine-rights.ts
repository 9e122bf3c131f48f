/** What a machine may do: read what it works with, write what it has made, be reached through SSM. It deletes nothing and launches nothing. */
import { arnsOf, type AwsSite } from './arns.js';
import { installKeys } from './names.js';
import { allow, type Statement } from './policy.js';

/** AWS's own buckets with the drivers that its licence covers; they belong to other accounts. */
const DRIVER_BUCKETS = ['ec2-windows-nvidia-drivers', 'ec2-linux-nvidia-drivers'];

export function machineRights(site: AwsSite): Statement[] {
  const arns = arnsOf(site);
  // A bucket of this name in another account is somebody else's, whatever a record says.
  const ours = { StringEquals: { 'aws:ResourceAccount': site.account } };
  const drivers = DRIVER_BUCKETS.map(arns.bucket);
  return [
    allow(
      'ReadKits',
      's3:GetObject',
      [arns.inInstallBucket(installKeys.kits), arns.inInstallBucket(installKeys.topaz)],
      ours,
    ),
    allow('FindWork', ['s3:ListBucket', 's3:ListBucketMultipartUploads'], arns.seasonBuckets, ours),
    allow(
      'Work',
      ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      arns.inSeasonBuckets,
      ours,
    ),
    allow('ReadDrivers', ['s3:ListBucket', 's3:GetObject'], [...drivers, ...drivers.map((arn) => `${arn}/*`)]),
    allow('ReadLicence', 'ssm:GetParameter', arns.parameters),
    // AmazonSSMManagedInstanceCore without its right to read every parameter of the account, and without inventory and patching.
    allow(
      'BeReachedThroughSsm',
      [
        'ssm:UpdateInstanceInformation',
        'ssm:ListAssociations',
        'ssm:ListInstanceAssociations',
        'ssm:DescribeAssociation',
        'ssm:DescribeDocument',
        'ssm:GetDocument',
        'ssm:UpdateAssociationStatus',
        'ssm:UpdateInstanceAssociationStatus',
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
        'ec2messages:AcknowledgeMessage',
        'ec2messages:DeleteMessage',
        'ec2messages:FailMessage',
        'ec2messages:GetEndpoint',
        'ec2messages:GetMessages',
        'ec2messages:SendReply',
      ],
      '*',
    ),
  ];
}
