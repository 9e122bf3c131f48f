/** Saves a large object as a file: ranges side by side into a part file, which becomes the file only when all of it is right. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { diskFailure } from '../../disk/failure.js';
import { Failure } from '../../domain/failures.js';
import { bodyOf, damaged, fill, passes, totalOf, type ObjectHeaders } from './answer.js';
import { crc64 } from './checksum.js';
import { openPartFile, RANGE_BYTES, type PartFile } from './part-file.js';
import { asked, patiently, type S3 } from './s3.js';

/** Ranges on their way at once; each holds its bytes in memory. */
const LANES = 6;
const ATTEMPTS = 5;
/** Whole downloads whose checksum is wrong, before that is a failure. */
const DOWNLOADS = 2;

/**
 * @throws Failure `verify-failed` when the object was replaced meanwhile, or came with a wrong checksum twice: then nothing of it is kept.
 * After any other error the next call goes on where this one ended
 */
export async function saveObject(s3: S3, object: ObjectHeaders, path: string, signal?: AbortSignal): Promise<void> {
  for (let n = 1; ; n += 1) {
    const part = await onDisk(path, () => openPartFile(path, { ...object, bucket: s3.bucket }));
    try {
      await asked(`${object.key} could not be downloaded`, () => fetchMissing(s3, object, part, signal), signal);
      const found = part.checksum();
      if (object.crc === undefined || found === object.crc) {
        await onDisk(path, () => part.publish());
        return;
      }
      await part.discard();
      if (n >= DOWNLOADS) throw damaged(object.key, `CRC-64/NVME ${found} instead of ${object.crc}`);
    } finally {
      await part.close();
    }
  }
}

async function onDisk<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw diskFailure(error, path);
  }
}

async function fetchMissing(s3: S3, object: ObjectHeaders, part: PartFile, signal?: AbortSignal): Promise<void> {
  const missing = part.missing();
  let failed = false;
  const lane = async (): Promise<void> => {
    const sum = await crc64();
    const buffer = Buffer.allocUnsafe(RANGE_BYTES);
    for (let index = missing.shift(); index !== undefined && !failed; index = missing.shift()) {
      const at = index;
      const from = at * RANGE_BYTES;
      const bytes = buffer.subarray(0, Math.min(RANGE_BYTES, object.bytes - from));
      try {
        await patiently(() => fetchRange(s3, object, from, bytes, signal), passes, {
          attempts: ATTEMPTS,
          ...(signal ? { signal } : {}),
        });
        await onDisk(part.path, () => part.write(at, bytes, sum(bytes)));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(LANES, missing.length) }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function fetchRange(
  { client, bucket }: S3,
  { key, etag, bytes: size }: ObjectHeaders,
  from: number,
  bytes: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const range = { Range: `bytes=${from}-${from + bytes.length - 1}`, IfMatch: etag };
  const answer = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, ...range }),
    signal ? { abortSignal: signal } : {},
  );
  const body = bodyOf(answer);
  const stop = (): void => void body.destroy();
  signal?.addEventListener('abort', stop);
  try {
    if (totalOf(answer) !== size) throw new Failure('network', `${key} has another size than was said`);
    await fill(bytes, body);
  } finally {
    signal?.removeEventListener('abort', stop);
    body.destroy();
  }
}
