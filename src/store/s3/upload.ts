/** Uploads a file in parts: each part that has arrived, in whichever attempt, is never sent again, and no two contents ever mix. */
import { CompleteMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { awsCode } from '../../aws/errors.js';
import { Failure } from '../../domain/failures.js';
import type { StoreKey } from '../../domain/ids.js';
import { crc64, fromBase64, joinedCrc, toBase64, type Crc64, type Piece } from './checksum.js';
import { headersOf } from './object.js';
import { openUpload, partBytesFor, type SentPart, type Upload } from './parts.js';
import { s3Failure, withHeader, type S3 } from './s3.js';
import { checkUnchanged, readFully, type SourceFile } from './source.js';

/** Parts on their way at once; each holds its bytes in memory. */
const LANES = 4;
/** How often an upload may vanish under us before that is a failure: another attempt may complete it, or the bucket's rules end it. */
const UPLOADS = 3;

interface Sent extends Piece {
  readonly etag: string;
}

/** Sends what is not there yet, and completes the upload. */
export async function uploadParts(s3: S3, key: StoreKey, source: SourceFile, signal?: AbortSignal): Promise<void> {
  for (let n = 1; ; n += 1) {
    const upload = await openUpload(s3, key, signal);
    try {
      const parts = await sendParts(s3, key, source, upload, signal);
      await checkUnchanged(source);
      await complete(s3, key, upload, parts, signal);
      return;
    } catch (error) {
      if (awsCode(error) !== 'NoSuchUpload') throw error;
      // Completed by another attempt, or by our own whose answer was lost?
      if (await isThere(s3, key, source, signal)) return;
      if (n >= UPLOADS) throw error;
    }
  }
}

async function sendParts(
  s3: S3,
  key: StoreKey,
  source: SourceFile,
  upload: Upload,
  signal: AbortSignal | undefined,
): Promise<Sent[]> {
  const parts: Sent[] = [];
  await inLanes(source, signal, async (index, bytes, crc) => {
    const there = upload.sent.get(index + 1);
    // By its content, not by its place: what another content has left there is replaced.
    const etag =
      there && isSame(there, bytes, crc)
        ? there.etag
        : await sendPart(s3, key, upload.id, index + 1, bytes, crc, signal);
    parts[index] = { etag, crc, bytes: bytes.length };
  });
  return parts;
}

/** A service that keeps no checksum of parts tells their MD5 all the same: it is their ETag. */
const isSame = ({ etag, bytes: size, crc: told }: SentPart, bytes: Buffer, crc: Crc64): boolean =>
  size === bytes.length &&
  (told === undefined ? etag === `"${createHash('md5').update(bytes).digest('hex')}"` : told === crc);

async function sendPart(
  { client, bucket }: S3,
  key: StoreKey,
  UploadId: string,
  PartNumber: number,
  Body: Buffer,
  crc: Crc64,
  signal: AbortSignal | undefined,
): Promise<string> {
  const command = new UploadPartCommand({
    Bucket: bucket,
    Key: key,
    UploadId,
    PartNumber,
    Body,
    ChecksumCRC64NVME: toBase64(crc),
  });
  // Signed is the checksum; a second hash over the bytes would prove nothing more.
  const { ETag } = await client.send(
    withHeader(command, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
    signal ? { abortSignal: signal } : {},
  );
  if (ETag === undefined) throw new Failure('network', `The store did not confirm part ${PartNumber} of ${key}`);
  return ETag;
}

/** Reads the file part by part, several at once. When one fails, those on their way still arrive: they need not be sent again. */
async function inLanes(
  source: SourceFile,
  signal: AbortSignal | undefined,
  act: (index: number, bytes: Buffer, crc: Crc64) => Promise<void>,
): Promise<void> {
  const size = Number(source.stat.size);
  const partBytes = partBytesFor(size);
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    const sum = await crc64();
    const buffer = Buffer.allocUnsafe(partBytes);
    while (!failed && next * partBytes < size) {
      const index = next++;
      try {
        signal?.throwIfAborted();
        const bytes = buffer.subarray(0, Math.min(partBytes, size - index * partBytes));
        await readFully(source, bytes, index * partBytes);
        await act(index, bytes, sum(bytes));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function complete(
  { client, bucket }: S3,
  key: StoreKey,
  { id }: Upload,
  parts: readonly Sent[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const whole = joinedCrc(parts);
  const command = new CompleteMultipartUploadCommand({
    Bucket: bucket,
    Key: key,
    UploadId: id,
    MultipartUpload: {
      Parts: parts.map(({ etag, crc }, index) => ({
        PartNumber: index + 1,
        ETag: etag,
        ChecksumCRC64NVME: toBase64(crc),
      })),
    },
    ChecksumType: 'FULL_OBJECT',
    ChecksumCRC64NVME: toBase64(whole),
    MpuObjectSize: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  const { ChecksumCRC64NVME: told } = await client
    .send(command, signal ? { abortSignal: signal } : {})
    .catch((error: unknown) => {
      // All parts were right, the whole is not: no repetition mends that.
      if (awsCode(error) === 'BadDigest')
        throw s3Failure(error, `${key} is not whole in the store`, { BadDigest: 'verify-failed' });
      throw error;
    });
  if (told !== undefined && fromBase64(told) !== whole)
    throw new Failure('verify-failed', `${key} is not whole in the store`, {
      evidence: `CRC-64/NVME ${told} instead of ${toBase64(whole)}`,
    });
}

async function isThere(s3: S3, key: StoreKey, source: SourceFile, signal: AbortSignal | undefined): Promise<boolean> {
  const object = await headersOf(s3, key);
  if (object?.bytes !== Number(source.stat.size)) return false;
  const parts: Piece[] = [];
  await inLanes(source, signal, async (index, bytes, crc) => {
    parts[index] = { crc, bytes: bytes.length };
    return Promise.resolve();
  });
  await checkUnchanged(source);
  return object.crc === joinedCrc(parts);
}
