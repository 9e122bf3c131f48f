/** Whether an object can be written, read back and removed: S3 has no dry run. */
import { randomUUID } from 'node:crypto';
import { Failure } from '../domain/failures.js';
import type { AwsClients } from './clients.js';
import { awsFailure } from './errors.js';
import { installKeys } from './names.js';

/** @throws Failure that says which of the three did not go */
export async function checkBucket(clients: AwsClients, bucket: string, account: string): Promise<void> {
  const [s3, sdk] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  // Where it would be gone tomorrow, if the removing fails.
  const object = { Bucket: bucket, Key: `${installKeys.ansible}check-${randomUUID()}`, ExpectedBucketOwner: account };
  const trying = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      throw awsFailure(error, `${what} the bucket ${bucket} does not work`, { NoSuchBucket: 'configure-failed' });
    }
  };
  await trying('Writing into', () => s3.send(new sdk.PutObjectCommand({ ...object, Body: 'taaf aws check' })));
  const text = await trying('Reading from', async () => {
    const { Body } = await s3.send(new sdk.GetObjectCommand(object));
    return Body?.transformToString();
  });
  await trying('Deleting from', () => s3.send(new sdk.DeleteObjectCommand(object)));
  if (text !== 'taaf aws check')
    throw new Failure('bug', `The bucket ${bucket} gave back something else than was put`, { evidence: text ?? '' });
}
