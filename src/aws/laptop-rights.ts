/** The least that the computer at home needs for seasons on AWS: what it starts it may end, what is not of this installation it may not touch. */
import { arnsOf, type Arns, type AwsSite } from './arns.js';
import { tagKeys } from './names.js';
import { allow, policy, type PolicyDocument, type Statement } from './policy.js';

/** A statement with what it is for, in words that finish "may …". */
export interface Right {
  readonly purpose: string;
  readonly statement: Statement;
}

export const laptopPolicy = (site: AwsSite): PolicyDocument =>
  policy(laptopRights(site).map(({ statement }) => statement));

export function laptopRights(site: AwsSite): Right[] {
  const arns = arnsOf(site);
  return [...launching(site, arns), ...reaching(site, arns), ...storing(site, arns), ...looking(arns)];
}

const right = (purpose: string, statement: Statement): Right => ({ purpose, statement });

function launching({ install, account }: AwsSite, arns: Arns): Right[] {
  const made = ['instance/*', 'volume/*', 'network-interface/*'].map(arns.ec2);
  const asked = { StringEquals: { [`aws:RequestTag/${tagKeys.install}`]: install } };
  const ours = { StringEquals: { [`aws:ResourceTag/${tagKeys.install}`]: install } };
  return [
    right('launch machines that carry this installation’s tag', allow('Launch', 'ec2:RunInstances', made, asked)),
    right(
      'launch them from images of Amazon or of this account',
      allow('LaunchFrom', 'ec2:RunInstances', arns.images, { StringEquals: { 'ec2:Owner': ['amazon', account] } }),
    ),
    right(
      'launch them without anything coming in',
      allow('LaunchBehind', 'ec2:RunInstances', arns.ec2('security-group/*'), ours),
    ),
    right(
      'launch them in a subnet, and as spot',
      allow('LaunchIn', 'ec2:RunInstances', [arns.ec2('subnet/*'), arns.ec2('spot-instances-request/*')]),
    ),
    right(
      'tag what it launches',
      allow('TagAtLaunch', 'ec2:CreateTags', [...made, arns.ec2('spot-instances-request/*')], {
        StringEquals: { 'ec2:CreateAction': 'RunInstances' },
      }),
    ),
    right(
      'mark, restart and end its own machines',
      allow('End', ['ec2:TerminateInstances', 'ec2:RebootInstances', 'ec2:CreateTags'], arns.ec2('instance/*'), ours),
    ),
    right('remove disks that a machine has left', allow('TidyDisks', 'ec2:DeleteVolume', arns.ec2('volume/*'), ours)),
    right(
      'remove network interfaces that a machine has left',
      allow('TidyNetwork', 'ec2:DeleteNetworkInterface', arns.ec2('network-interface/*'), ours),
    ),
    right(
      'give machines their role',
      allow('PassRole', 'iam:PassRole', arns.machineRole, {
        StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
      }),
    ),
    right(
      'use spot for the first time in this account',
      allow(
        'UseSpot',
        'iam:CreateServiceLinkedRole',
        arns.iam('role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot'),
        { StringEquals: { 'iam:AWSServiceName': 'spot.amazonaws.com' } },
      ),
    ),
  ];
}

function reaching({ install }: AwsSite, arns: Arns): Right[] {
  const machines = arns.ec2('instance/*');
  const ours = { StringEquals: { [`ssm:resourceTag/${tagKeys.install}`]: install } };
  // Sessions of one's own: their ids begin with the id of the user, or with the role's and the session's name.
  const sessions = arns.ssm('session/${aws:userid}-*');
  return [
    right('send commands to its own machines', allow('Command', 'ssm:SendCommand', machines, ours)),
    right('send its own document only', allow('CommandWith', 'ssm:SendCommand', arns.document)),
    right('open sessions to its own machines', allow('Session', 'ssm:StartSession', machines, ours)),
    right(
      'open sessions with the standard document',
      allow('SessionWith', 'ssm:StartSession', arns.ssm('document/SSM-SessionManagerRunShell')),
    ),
    right(
      'hold and end its own sessions',
      allow('OwnSessions', ['ssmmessages:OpenDataChannel', 'ssm:ResumeSession', 'ssm:TerminateSession'], sessions),
    ),
  ];
}

function storing({ account }: AwsSite, arns: Arns): Right[] {
  const ours = { StringEquals: { 'aws:ResourceAccount': account } };
  const objects = [
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
  ];
  const buckets = ['s3:ListBucket', 's3:ListBucketMultipartUploads', 's3:GetBucketLocation'];
  return [
    right(
      'read and write objects of its own buckets',
      allow('Objects', objects, [arns.inInstallBucket(''), arns.inSeasonBuckets], ours),
    ),
    right('list its own buckets', allow('Buckets', buckets, [arns.installBucket, arns.seasonBuckets], ours)),
    right(
      'harden and remove the buckets of seasons',
      allow(
        'SeasonBuckets',
        [
          's3:DeleteBucket',
          's3:PutBucketTagging',
          's3:GetBucketTagging',
          's3:PutBucketPublicAccessBlock',
          's3:PutBucketOwnershipControls',
          's3:PutBucketPolicy',
          's3:PutEncryptionConfiguration',
          's3:PutLifecycleConfiguration',
        ],
        arns.seasonBuckets,
        ours,
      ),
    ),
    // A bucket that is not there yet is no account's.
    right('make the buckets of seasons', allow('MakeBuckets', 's3:CreateBucket', arns.seasonBuckets)),
    right('find the buckets of its seasons', allow('FindBuckets', 's3:ListAllMyBuckets', '*')),
  ];
}

function looking(arns: Arns): Right[] {
  return [
    right(
      'see machines, images, networks and prices',
      allow(
        'Look',
        [
          'ec2:DescribeInstances',
          'ec2:DescribeInstanceStatus',
          'ec2:DescribeInstanceAttribute',
          'ec2:DescribeInstanceTypes',
          'ec2:DescribeInstanceTypeOfferings',
          'ec2:DescribeImages',
          'ec2:DescribeVpcs',
          'ec2:DescribeSubnets',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeVolumes',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSpotPriceHistory',
          'ssm:DescribeInstanceInformation',
          'ssm:GetCommandInvocation',
          'ssm:ListCommands',
          'ssm:ListCommandInvocations',
          'ssm:CancelCommand',
          'servicequotas:GetServiceQuota',
          'servicequotas:GetAWSDefaultServiceQuota',
        ],
        '*',
      ),
    ),
    right(
      'see what `taaf aws init` has made',
      allow('LookAtStack', ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'], arns.stack),
    ),
    right(
      'read the ids of AWS’s newest images, and whether there is a licence',
      allow('ReadParameters', 'ssm:GetParameter', [arns.publicParameters, arns.parameters]),
    ),
    right(
      'check its own rights before money is spent',
      allow('CheckRights', 'iam:SimulatePrincipalPolicy', [arns.iam('role/*'), arns.iam('user/*')]),
    ),
    right('find the role that it has taken', allow('FindRole', 'iam:GetRole', arns.iam('role/*'))),
  ];
}
