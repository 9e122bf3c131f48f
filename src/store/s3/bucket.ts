/** The season's bucket: made hardened, found again after a crash, refused when it is somebody else's, removed with all that is in it. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
  type S3Client,
} from '@aws-sdk/client-s3';
import { awsCode } from '../../aws/errors.js';
import { Failure } from '../../domain/failures.js';
import type { SeasonId } from '../../domain/ids.js';
import { bucketPolicy, bucketTags, lifecycleRules, publicAccess } from './bucket-rules.js';
import { removePrefix } from './listing.js';
import { asked, patiently, s3Failure, type S3 } from './s3.js';
import { abortUploads } from './uploads.js';

export interface SeasonBucket {
  /** Ends in a nonce of the season's run: the name of a deleted bucket may stay blocked for an hour. */
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly install: string;
  readonly season: SeasonId;
}

/** Another change of the same bucket is under way: it passes in seconds. What stays blocked longer is the caller's retry. */
const ATTEMPTS = 6;
const isConflict = (error: unknown): boolean => awsCode(error) === 'OperationAborted';

/**
 * Makes the bucket, or takes it as it is found when it is ours; hardened in either case, so that a crash halfway leaves nothing open.
 * @throws Failure `permission` when the name belongs to another account, another season or another installation
 */
export async function ensureBucket(client: S3Client, bucket: SeasonBucket): Promise<'created' | 'adopted'> {
  const s3 = { client, bucket: bucket.name };
  return asked(`The bucket ${bucket.name} could not be made`, async () => {
    const owned = await ownership(s3, bucket);
    if (owned === 'absent') await patiently(() => create(s3, bucket), isConflict, { attempts: ATTEMPTS });
    // Somebody may have been faster than us, under the same name.
    const made = owned === 'absent' ? await ownership(s3, bucket) : owned;
    if (made === 'absent') throw new Failure('network', `The bucket ${bucket.name} is not there yet`);
    await patiently(() => harden(s3, bucket), isConflict, { attempts: ATTEMPTS });
    return owned === 'absent' ? 'created' : 'adopted';
  });
}

/** Empties the bucket, open uploads included, and deletes it; one that is gone already is no error. */
export async function removeBucket(client: S3Client, bucket: SeasonBucket): Promise<void> {
  const s3 = { client, bucket: bucket.name };
  await asked(`The bucket ${bucket.name} could not be removed`, async () => {
    if ((await ownership(s3, bucket)) === 'absent') return;
    // A machine in its last seconds may still put something: then once more.
    await patiently(
      () => emptyAndDelete(s3, bucket),
      (error) => isConflict(error) || awsCode(error) === 'BucketNotEmpty',
      {
        attempts: ATTEMPTS,
      },
    );
  });
}

async function emptyAndDelete(s3: S3, { account }: SeasonBucket): Promise<void> {
  try {
    await abortUploads(s3);
    await removePrefix(s3, '');
    await s3.client.send(new DeleteBucketCommand({ Bucket: s3.bucket, ExpectedBucketOwner: account }));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

const isGone = (error: unknown): boolean =>
  awsCode(error) === 'NoSuchBucket' || (error instanceof Failure && error.kind === 'store-gone');

/** Asked by its tags: HeadBucket would say as much, but never why. A bucket of ours without tags is one whose making was cut off. */
async function ownership(
  { client, bucket }: S3,
  { account, install, season }: SeasonBucket,
): Promise<'ours' | 'absent'> {
  try {
    const { TagSet = [] } = await client.send(
      new GetBucketTaggingCommand({ Bucket: bucket, ExpectedBucketOwner: account }),
    );
    const wanted = bucketTags(install, season);
    const strange = wanted.find(({ Key, Value }) => TagSet.find((tag) => tag.Key === Key)?.Value !== Value);
    if (!strange) return 'ours';
    throw foreign(bucket, `its tag ${strange.Key} is not ${strange.Value}`);
  } catch (error) {
    const code = awsCode(error);
    if (code === 'NoSuchBucket') return 'absent';
    if (code === 'NoSuchTagSet') return 'ours';
    if (code === 'AccessDenied')
      throw s3Failure(error, `The bucket ${bucket} belongs to another account, or this sign-in may not look at it`);
    if (code !== 'PermanentRedirect' && code !== 'AuthorizationHeaderMalformed') throw error;
    throw new Failure('usage', `The bucket ${bucket} lies in another region`, {
      evidence: code,
      next: 'Name the region in which the season was submitted',
      cause: error,
    });
  }
}

const foreign = (bucket: string, evidence: string, cause?: unknown): Failure =>
  new Failure('permission', `The bucket ${bucket} belongs to somebody else`, {
    evidence,
    next: 'Submit the season again: its next bucket has another name',
    ...(cause === undefined ? {} : { cause }),
  });

async function create({ client, bucket }: S3, { region }: SeasonBucket): Promise<void> {
  // The oldest region has no constraint for itself; it also answers 200 for a bucket that is ours already.
  const location = region as BucketLocationConstraint;
  const where = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: location } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...where }));
  } catch (error) {
    if (awsCode(error) === 'BucketAlreadyOwnedByYou') return;
    if (awsCode(error) === 'BucketAlreadyExists') throw foreign(bucket, 'BucketAlreadyExists', error);
    throw error;
  }
}

/** Closed first, tagged last: what is tagged is hardened. */
async function harden(
  { client, bucket: Bucket }: S3,
  { region, account, install, season }: SeasonBucket,
): Promise<void> {
  const owned = { Bucket, ExpectedBucketOwner: account };
  await client.send(new PutPublicAccessBlockCommand({ ...owned, PublicAccessBlockConfiguration: publicAccess }));
  await client.send(new PutBucketPolicyCommand({ ...owned, Policy: bucketPolicy(Bucket, region) }));
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ ...owned, LifecycleConfiguration: { Rules: lifecycleRules } }),
  );
  await client.send(new PutBucketTaggingCommand({ ...owned, Tagging: { TagSet: bucketTags(install, season) } }));
}
