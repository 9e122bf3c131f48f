/** A whole bucket: whose it is, and how it becomes empty. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { AwsClients } from './clients.js';
import { awsCode, awsFailure } from './errors.js';

/** `none`: there is none of that name. `others`: somebody else has it, or our rights end before it. */
export type BucketOwner = 'none' | 'ours' | 'others';

export async function bucketOwner(clients: AwsClients, name: string, account: string): Promise<BucketOwner> {
  const [s3, { HeadBucketCommand }] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  try {
    await s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
    return 'ours';
  } catch (error) {
    // A HEAD has no body: the SDK names the error by the status alone.
    const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return 'none';
    if (status === 403 || status === 301) return 'others';
    throw awsFailure(error, `The bucket ${name} could not be looked at`);
  }
}

const gone = new Set(['NoSuchBucket', 'NotFound']);

/** Removes every object and every unfinished upload; a bucket that is not there is empty. */
export async function emptyBucket(clients: AwsClients, name: string, account: string): Promise<void> {
  const s3 = await clients.s3();
  try {
    await removeObjects(s3, name, account);
    await abortUploads(s3, name, account);
  } catch (error) {
    if (gone.has(awsCode(error) ?? '')) return;
    throw awsFailure(error, `The bucket ${name} could not be emptied`);
  }
}

/** Empties it and removes it. */
export async function removeBucket(clients: AwsClients, name: string, account: string): Promise<void> {
  await emptyBucket(clients, name, account);
  const [s3, { DeleteBucketCommand }] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  try {
    await s3.send(new DeleteBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
  } catch (error) {
    if (gone.has(awsCode(error) ?? '')) return;
    throw awsFailure(error, `The bucket ${name} could not be removed`);
  }
}

async function removeObjects(client: S3Client, Bucket: string, ExpectedBucketOwner: string): Promise<void> {
  const { DeleteObjectsCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, ExpectedBucketOwner })) {
    if (Contents.length === 0) continue;
    const Objects = Contents.map(({ Key = '' }) => ({ Key }));
    const { Errors: [error] = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, ExpectedBucketOwner, Delete: { Objects, Quiet: true } }),
    );
    // The call as a whole succeeds although single objects do not.
    if (error) throw Object.assign(new Error(`${error.Key ?? ''}: ${error.Message ?? ''}`), { Code: error.Code });
  }
}

async function abortUploads(client: S3Client, Bucket: string, ExpectedBucketOwner: string): Promise<void> {
  const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import('@aws-sdk/client-s3');
  for (;;) {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, ExpectedBucketOwner }));
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads)
      await client.send(new AbortMultipartUploadCommand({ Bucket, ExpectedBucketOwner, Key, UploadId }));
  }
}
