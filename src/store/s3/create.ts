/** Create-only objects: exactly one of all callers is told `created`, also when its answer was lost on the way. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { awsCode } from '../../aws/errors.js';
import type { StoreKey } from '../../domain/ids.js';
import { crc64, toBase64 } from './checksum.js';
import { headersOf } from './object.js';
import { asked, patiently, type S3 } from './s3.js';

/** Conflicts pass when the others are through. */
const ATTEMPTS = 10;

export async function createObject(s3: S3, key: StoreKey, bytes: Uint8Array): Promise<'created' | 'exists'> {
  // Of this call alone: two callers may well bring the same bytes, and one of them must lose.
  const nonce = randomUUID();
  const command = {
    Bucket: s3.bucket,
    Key: key,
    Body: bytes,
    ChecksumCRC64NVME: toBase64((await crc64())(bytes)),
    IfNoneMatch: '*',
    Metadata: { nonce },
  };
  return asked(`${key} could not be created`, async () => {
    try {
      await patiently(
        () => s3.client.send(new PutObjectCommand(command)),
        (error) => awsCode(error) === 'ConditionalRequestConflict',
        { attempts: ATTEMPTS },
      );
      return 'created';
    } catch (error) {
      if (awsCode(error) !== 'PreconditionFailed') throw error;
      // Somebody's: perhaps ours, when an attempt of the SDK's arrived and its answer did not.
      return (await headersOf(s3, key))?.metadata['nonce'] === nonce ? 'created' : 'exists';
    }
  });
}
