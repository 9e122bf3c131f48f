/** Puts bytes or a file: in one request where it fits into a part, in many where it does not. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { open } from 'node:fs/promises';
import { diskFailure } from '../../disk/failure.js';
import type { StoreKey } from '../../domain/ids.js';
import { crc64, toBase64 } from './checksum.js';
import { partBytesFor } from './parts.js';
import { asked, type S3 } from './s3.js';
import { checkUnchanged, readFully } from './source.js';
import { uploadParts } from './upload.js';

export const putBytes = (s3: S3, key: StoreKey, bytes: Uint8Array, signal?: AbortSignal): Promise<void> =>
  asked(
    `${key} could not be put`,
    async () => {
      const ChecksumCRC64NVME = toBase64((await crc64())(bytes));
      const command = new PutObjectCommand({ Bucket: s3.bucket, Key: key, Body: bytes, ChecksumCRC64NVME });
      await s3.client.send(command, signal ? { abortSignal: signal } : {});
    },
    signal,
  );

/**
 * @throws Failure `bad-source` when the file changed while it was read; what was uploaded by then stays for the next attempt, which
 * takes of it what is still right
 */
export async function putFile(s3: S3, key: StoreKey, path: string, signal?: AbortSignal): Promise<void> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw diskFailure(error, path);
  });
  try {
    const source = { path, handle, stat: await handle.stat({ bigint: true }) };
    const bytes = Number(source.stat.size);
    if (bytes > partBytesFor(bytes)) {
      await asked(`${key} could not be uploaded`, () => uploadParts(s3, key, source, signal), signal);
      return;
    }
    const content = Buffer.allocUnsafe(bytes);
    await readFully(source, content, 0);
    await checkUnchanged(source);
    await putBytes(s3, key, content, signal);
  } finally {
    await handle.close();
  }
}
