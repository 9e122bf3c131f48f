/** A file into the install's bucket, whole and right or not at all: S3 compares the content with the hash that we know. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { KitRef } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import type { AwsClients } from './clients.js';
import { awsFailure } from './errors.js';

export interface Upload {
  readonly bucket: string;
  readonly account: string;
  readonly key: string;
  readonly file: string;
  /** Hexadecimal, of the file. */
  readonly sha256: string;
  readonly signal: AbortSignal;
  /** Told now and then. */
  readonly progress?: (done: number, total: number) => void;
}

/** The most that S3 takes in one request, in bytes. */
const MOST = 5 * 1024 ** 3;

/** Does nothing where an object of this key and size is there already: the key holds the content's hash. */
export async function uploadOnce(clients: AwsClients, upload: Upload): Promise<KitRef> {
  const { bucket, account, key, file, sha256, signal, progress } = upload;
  const bytes = (await stat(file)).size;
  if (bytes > MOST) throw new Failure('unsupported', `${file} is larger than 5 GiB: S3 takes it in no single request`);
  const [s3, { PutObjectCommand }] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  if ((await sizeOf(clients, upload)) === bytes) return { key, sha256, bytes };
  const body = Readable.from(
    counted(file, (done) => progress?.(done, bytes)),
    { objectMode: false },
  );
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ExpectedBucketOwner: account,
        Body: body,
        ContentLength: bytes,
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    throw awsFailure(error, `${file} could not be put into the bucket ${bucket}`, { BadDigest: 'verify-failed' });
  } finally {
    body.destroy();
  }
  return { key, sha256, bytes };
}

/** The file's bytes, counted when they are taken: a listener on the stream would begin to take them before S3 does. */
async function* counted(file: string, onBytes: (done: number) => void): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = chunk as Buffer;
    done += bytes.length;
    onBytes(done);
    yield bytes;
  }
}

async function sizeOf(clients: AwsClients, { bucket, account, key }: Upload): Promise<number | undefined> {
  const [s3, { HeadObjectCommand }] = await Promise.all([clients.s3(), import('@aws-sdk/client-s3')]);
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: account }));
    return head.ContentLength;
  } catch (error) {
    const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return undefined;
    throw awsFailure(error, `The bucket ${bucket} could not be looked at`);
  }
}
