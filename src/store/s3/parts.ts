/** How a file is cut into parts, and what is kept of an upload that was cut off. */
import { CreateMultipartUploadCommand, ListPartsCommand, type ListPartsCommandOutput } from '@aws-sdk/client-s3';
import { Failure } from '../../domain/failures.js';
import type { StoreKey } from '../../domain/ids.js';
import { fromBase64, type Crc64 } from './checksum.js';
import type { S3 } from './s3.js';
import { uploadsUnder, type Options } from './uploads.js';

const MiB = 1024 * 1024;
/** Small enough that a slow line loses little when it breaks, large enough for a fast one; S3 wants 5 MiB at least. */
const PART_BYTES = 8 * MiB;
const MOST_PARTS = 10_000;
/** Parts lie in memory while they are sent. */
const LARGEST_PART = 48 * MiB;

/** The same for the same file, so that its parts are found again. @throws Failure `unsupported` above 469 GiB */
export function partBytesFor(bytes: number): number {
  const part = Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS / MiB) * MiB);
  if (part > LARGEST_PART) {
    throw new Failure('unsupported', `A file of ${Math.round(bytes / 2 ** 30)} GiB is too large for the store`, {
      evidence: `${MOST_PARTS} parts of ${LARGEST_PART / MiB} MiB at most`,
      next: 'Cut the file into pieces',
    });
  }
  return part;
}

export interface SentPart {
  readonly etag: string;
  readonly bytes: number;
  /** Absent where the service does not tell it. */
  readonly crc?: Crc64;
}

export interface Upload {
  readonly id: string;
  /** By number, from 1. */
  readonly sent: ReadonlyMap<number, SentPart>;
}

/** The upload of this key that an earlier attempt began, with what has arrived of it; or a new one. */
export async function openUpload(s3: S3, key: StoreKey, signal?: AbortSignal): Promise<Upload> {
  const options = signal ? { abortSignal: signal } : {};
  // The oldest: attempts that run side by side agree on one.
  const uploads = (await uploadsUnder(s3, key, options)).filter((upload) => upload.key === key);
  const [oldest] = uploads.sort((a, b) => a.begun - b.begun);
  if (oldest) return { id: oldest.id, sent: await partsOf(s3, key, oldest.id, options) };
  const { UploadId } = await s3.client.send(
    new CreateMultipartUploadCommand({
      Bucket: s3.bucket,
      Key: key,
      ChecksumAlgorithm: 'CRC64NVME',
      ChecksumType: 'FULL_OBJECT',
    }),
    options,
  );
  if (UploadId === undefined) throw new Failure('network', `The store began no upload of ${key}`);
  return { id: UploadId, sent: new Map() };
}

/** Page by page by hand: the SDK's paginator goes by the marker alone, and S3 tells one on the last page too. */
async function partsOf(s3: S3, key: StoreKey, id: string, options: Options): Promise<Map<number, SentPart>> {
  const sent = new Map<number, SentPart>();
  let from: { PartNumberMarker?: string } | undefined = {};
  while (from) {
    const page: ListPartsCommandOutput = await s3.client.send(
      new ListPartsCommand({ Bucket: s3.bucket, Key: key, UploadId: id, ...from }),
      options,
    );
    for (const { PartNumber, ETag, Size, ChecksumCRC64NVME } of page.Parts ?? []) {
      if (PartNumber === undefined || ETag === undefined || Size === undefined) continue;
      const crc = ChecksumCRC64NVME === undefined ? {} : { crc: fromBase64(ChecksumCRC64NVME) };
      sent.set(PartNumber, { etag: ETag, bytes: Size, ...crc });
    }
    const { IsTruncated, NextPartNumberMarker } = page;
    from =
      IsTruncated === true && NextPartNumberMarker !== undefined
        ? { PartNumberMarker: NextPartNumberMarker }
        : undefined;
  }
  return sent;
}
