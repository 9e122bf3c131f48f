/** Who we are to AWS: asked of STS before anything is made, so that every wrong sign-in is one sentence with its fix. */
import type { AwsAccess } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import { awsClients } from './clients.js';
import { awsCode, awsFailure } from './errors.js';
import { profileFacts } from './profiles.js';

export interface AwsIdentity extends AwsAccess {
  readonly account: string;
  /** `aws`, `aws-us-gov`, … */
  readonly partition: string;
  readonly arn: string;
  /** Root of the account, a user, or a role that was taken. */
  readonly principal: { readonly kind: 'root' | 'user' | 'role'; readonly name: string };
}

/** @throws Failure `auth-expired`, `permission`, `usage` or `network`, each with what to do */
export async function awsIdentity(access: AwsAccess, clients = awsClients(access)): Promise<AwsIdentity> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  try {
    const sts = await clients.sts();
    const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined || arn === undefined) throw new Failure('bug', 'AWS did not say whose account this is');
    return { ...access, account, arn, ...parts(arn) };
  } catch (error) {
    throw await signInFailure(error, access);
  }
}

/** `arn:aws:sts::111122223333:assumed-role/Admin/me` → the role Admin. */
function parts(arn: string): Pick<AwsIdentity, 'partition' | 'principal'> {
  const [, partition = 'aws', , , , resource = ''] = arn.split(':');
  const [type, ...path] = resource.split('/');
  if (type === 'assumed-role') return { partition, principal: { kind: 'role', name: path[0] ?? '' } };
  if (type === 'root') return { partition, principal: { kind: 'root', name: 'root' } };
  return { partition, principal: { kind: 'user', name: path.at(-1) ?? '' } };
}

const unsigned = new Set(['CredentialsProviderError', 'TokenProviderError', 'UnauthorizedSSOTokenError']);
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired']);
const unknownKey = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'AuthFailure',
]);

/** What is wrong with the sign-in, told by the profile: the SDK has one error for a missing profile, an old sign-in and none at all. */
export async function signInFailure(error: unknown, { profile, region }: AwsAccess): Promise<Failure> {
  const code = awsCode(error) ?? '';
  const failure = awsFailure(error, 'AWS could not be asked who we are');
  const detail = { ...(failure.evidence === undefined ? {} : { evidence: failure.evidence }), cause: error };
  if (unsigned.has(code) || expired.has(code)) {
    const { name, exists, signIn, known } = await profileFacts(profile);
    if (profile !== undefined && !exists)
      return new Failure('usage', `There is no AWS profile "${profile}" on this computer`, {
        ...detail,
        next: known.length === 0 ? 'Make one: aws configure sso' : `Known are: ${known.join(', ')}`,
      });
    if (signIn !== undefined)
      return new Failure('auth-expired', `The sign-in of AWS profile "${name}" is missing or has expired`, {
        ...detail,
        next: `Run: ${signIn}`,
      });
    const what = expired.has(code) ? 'The AWS credentials have expired' : 'No AWS credentials were found';
    return new Failure('auth-expired', what, {
      ...detail,
      next: 'Sign in to AWS (aws configure sso makes a profile), then run it again with --aws-profile NAME',
    });
  }
  if (unknownKey.has(code))
    return new Failure('permission', `AWS does not take this access key in ${region}`, {
      ...detail,
      next: `Check the key; a region that is off at first is turned on by: aws account enable-region --region-name ${region}`,
    });
  if (code === 'ENOTFOUND')
    return new Failure('usage', `AWS has no region "${region}", or this computer is offline`, {
      ...detail,
      next: 'Check the name and the network; regions are listed by: aws account list-regions',
    });
  return failure;
}
