/** An object that was found: small ones come at once, large ones when they are wanted. */
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { awsCode } from '../../aws/errors.js';
import { writeDurably } from '../../disk/durable.js';
import { diskFailure } from '../../disk/failure.js';
import { Failure } from '../../domain/failures.js';
import type { StoreKey } from '../../domain/ids.js';
import type { ObjectInfo, StoredObject } from '../port.js';
import { bodyOf, damaged, fill, passes, totalOf, type ObjectHeaders } from './answer.js';
import { crc64, fromBase64 } from './checksum.js';
import { saveObject } from './download.js';
import { asked, patiently, withHeader, type S3 } from './s3.js';

/** What is fetched in the same breath in which it is found: every record is smaller. */
const SMALL = 1024 * 1024;
const ATTEMPTS = 4;

/** One request for a record, since a small object comes with the answer. */
export const findObject = (s3: S3, key: StoreKey): Promise<StoredObject | undefined> =>
  asked(`${key} could not be read`, () => patiently(() => open(s3, key), passes, { attempts: ATTEMPTS }));

async function open(s3: S3, key: StoreKey): Promise<StoredObject | undefined> {
  const answer = await request(s3, key);
  if (!answer) return undefined;
  const headers = headersIn(key, answer);
  if (headers.bytes > SMALL) {
    bodyOf(answer).destroy();
    return {
      key,
      bytes: headers.bytes,
      read: () =>
        asked(`${key} could not be read`, () => patiently(() => readAll(s3, headers), passes, { attempts: ATTEMPTS })),
      save: (path, { signal } = {}) => saveObject(s3, headers, path, signal),
    };
  }
  const content = await contentOf(answer, headers);
  return {
    key,
    bytes: headers.bytes,
    read: () => Promise.resolve(content),
    async save(path) {
      await writeDurably(path, content).catch((error: unknown) => {
        throw diskFailure(error, path);
      });
    },
  };
}

/** What S3 says of an object, without its content. */
export async function headersOf(s3: S3, key: StoreKey): Promise<ObjectHeaders | undefined> {
  const answer = await request(s3, key);
  if (!answer) return undefined;
  bodyOf(answer).destroy();
  return headersIn(key, answer);
}

/** By a GET of one byte: a HEAD says nothing of why it was refused. */
export const statObject = ({ client, bucket }: S3, key: StoreKey): Promise<ObjectInfo | undefined> =>
  asked(`${key} could not be looked at`, async () => {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: 'bytes=0-0' }));
      bodyOf(answer).resume();
      return { key, bytes: totalOf(answer) };
    } catch (error) {
      if (awsCode(error) === 'NoSuchKey') return undefined;
      // No range of an empty object can be had.
      if (awsCode(error) === 'InvalidRange') return { key, bytes: 0 };
      throw error;
    }
  });

async function request(
  { client, bucket }: S3,
  key: StoreKey,
  etag?: string,
): Promise<GetObjectCommandOutput | undefined> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(etag === undefined ? {} : { IfMatch: etag }) });
  try {
    // Asked for past the SDK, which would check it too, at a third of the speed.
    return await client.send(withHeader(command, 'x-amz-checksum-mode', 'ENABLED'));
  } catch (error) {
    if (awsCode(error) === 'NoSuchKey' && etag === undefined) return undefined;
    throw error;
  }
}

async function readAll(s3: S3, headers: ObjectHeaders): Promise<Buffer> {
  const answer = await request(s3, headers.key, headers.etag);
  if (!answer) throw new Failure('verify-failed', `${headers.key} is gone`);
  return contentOf(answer, headers);
}

function headersIn(key: StoreKey, answer: GetObjectCommandOutput): ObjectHeaders {
  const { ETag, ContentLength, ChecksumCRC64NVME, ChecksumType, Metadata = {} } = answer;
  if (ETag === undefined || ContentLength === undefined)
    throw new Failure('unsupported', `The store tells no ETag and size of ${key}`, {
      next: 'Use a service that speaks S3',
    });
  // A checksum of checksums, as other programs put them, says nothing about the bytes.
  const isWhole = ChecksumCRC64NVME !== undefined && ChecksumType !== 'COMPOSITE';
  const crc = !isWhole ? {} : { crc: fromBase64(ChecksumCRC64NVME) };
  return { key, bytes: ContentLength, etag: ETag, metadata: Metadata, ...crc };
}

async function contentOf(answer: GetObjectCommandOutput, { key, bytes, crc }: ObjectHeaders): Promise<Buffer> {
  const content = Buffer.allocUnsafe(bytes);
  await fill(content, bodyOf(answer));
  const found = crc === undefined ? undefined : (await crc64())(content);
  if (found !== crc) throw damaged(key, `CRC-64/NVME ${found ?? ''} instead of ${crc ?? ''}`);
  return content;
}
