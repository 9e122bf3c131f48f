/** The checksums that S3 knows, streamed. */
import { createHash } from 'node:crypto';
import { createCRC32, createCRC64 } from 'hash-wasm';

export const checksumNames = ['crc64nvme', 'crc32', 'crc32c', 'sha1', 'sha256'] as const;
export type ChecksumName = (typeof checksumNames)[number];

export interface Digest {
  update(bytes: Uint8Array): void;
  /** Base64; once. */
  end(): string;
}

export async function digest(name: ChecksumName | 'md5'): Promise<Digest> {
  if (name === 'sha1' || name === 'sha256' || name === 'md5') {
    const hash = createHash(name);
    return { update: (bytes) => void hash.update(bytes), end: () => hash.digest('base64') };
  }
  const crc = await (name === 'crc64nvme'
    ? createCRC64('9a6c9329ac4bc9b5')
    : createCRC32(name === 'crc32c' ? 0x82f63b78 : 0xedb88320));
  crc.init();
  return { update: (bytes) => void crc.update(bytes), end: () => Buffer.from(crc.digest('binary')).toString('base64') };
}
