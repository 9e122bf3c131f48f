/** What EC2 answers, in one table: by its code an answer means another placement, waiting, slowing down, or a human. */
import { awsCode, awsFailure } from '../../aws/errors.js';
import { Failure, type FailureKind } from '../../domain/failures.js';

/**
 * Codes of EC2's own, by what follows from them. `capacity`: the next placement. `quota`: wait, and tell the user. `throttled` and `network`:
 * the same again, later. Everything else: never again without a human. The codes that all services share are in `src/aws/errors.ts`.
 */
export const ec2Kinds: Readonly<Record<string, FailureKind>> = {
  InsufficientInstanceCapacity: 'capacity',
  InsufficientHostCapacity: 'capacity',
  InsufficientCapacity: 'capacity',
  InsufficientVolumeCapacity: 'capacity',
  UnfulfillableCapacity: 'capacity',
  /** The type is not to be had in that zone. */
  Unsupported: 'capacity',
  InsufficientFreeAddressesInSubnet: 'capacity',
  SpotMaxPriceTooLow: 'capacity',

  VcpuLimitExceeded: 'quota',
  MaxSpotInstanceCountExceeded: 'quota',
  InstanceLimitExceeded: 'quota',
  MaxFleetCountExceeded: 'quota',
  VolumeLimitExceeded: 'quota',
  MaxIOPSLimitExceeded: 'quota',

  EC2ThrottledException: 'throttled',
  /** Our own limit on one call. */
  AbortError: 'network',

  /** Termination or stop protection. */
  OperationNotPermitted: 'permission',
  'InvalidAMIID.NotFound': 'unsupported',
  'InvalidAMIID.Unavailable': 'unsupported',
  'InvalidAMIID.Malformed': 'unsupported',
  /** The region has no such public image. */
  ParameterNotFound: 'unsupported',
  InvalidInstanceType: 'unsupported',
  InvalidParameterValue: 'unsupported',
  InvalidParameterCombination: 'unsupported',
  InvalidBlockDeviceMapping: 'unsupported',
  UnsupportedOperation: 'unsupported',
  'InvalidGroup.NotFound': 'unsupported',
  'InvalidSubnetID.NotFound': 'unsupported',
  'InvalidUserData.Malformed': 'bug',
  IdempotentParameterMismatch: 'bug',
  IdempotentInstanceTerminated: 'bug',
};

const INIT = 'Run: taaf aws check';

/** What to do, where it is more precise than the kind's own advice. */
const advice: Readonly<Record<string, string>> = {
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted':
    'Run once: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com',
  OptInRequired: "Subscribe to the image's product in AWS Marketplace, then run: taaf retry <episode>",
  PendingVerification: 'Wait until AWS has verified the account (up to 4 hours), then run: taaf retry <episode>',
  Blocked: 'Ask AWS Support why the account is blocked, then run: taaf retry <episode>',
  OperationNotPermitted:
    'Take the protection off: aws ec2 modify-instance-attribute --no-disable-api-termination --instance-id <id>',
  'InvalidAMIID.NotFound': 'Name an image that this account can see in this region, or none',
  'InvalidAMIID.Unavailable': 'Name an image that this account can see in this region, or none',
  ParameterNotFound: 'Name an image of your own, or another region',
  InvalidInstanceType: 'Name other instance types',
  InvalidParameterValue: INIT,
  InvalidParameterCombination: INIT,
  InvalidBlockDeviceMapping: 'Name a larger volume: it must hold at least the image',
  'InvalidGroup.NotFound': INIT,
  'InvalidSubnetID.NotFound': INIT,
};

/** An error of EC2 as a failure; a failure goes through as it is. */
export function ec2Failure(error: unknown, what: string): Failure {
  const failure = awsFailure(error, what, ec2Kinds);
  const next = advice[awsCode(error) ?? ''];
  if (next === undefined || failure === error) return failure;
  const { kind, evidence, cause } = failure;
  return new Failure(kind, what, { next, cause, ...(evidence === undefined ? {} : { evidence }) });
}

/** A dry run whose real call would have been allowed ends in this "error". */
export const isDryRunSuccess = (error: unknown): boolean => awsCode(error) === 'DryRunOperation';

const ANSWERED: ReadonlySet<FailureKind> = new Set(['capacity', 'quota', 'throttled', 'auth-expired', 'permission']);

/** Whether EC2 has said that it did nothing. Whatever else went wrong, the call may have had its effect. */
export function isRefusal(error: unknown): boolean {
  if (ANSWERED.has(awsFailure(error, '', ec2Kinds).kind)) return true;
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500;
}
