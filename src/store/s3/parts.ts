/** How a file is cut into parts, and what is kept of an upload that was cut off. */
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListMultipartUploadsCommandOutput,
  type ListPartsCommandOutput,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { Failure } from '../../domain/failures.js';
import type { StoreKey } from '../../domain/ids.js';
import { fromBase64, type Crc64 } from './checksum.js';
import type { S3 } from './s3.js';

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
  const begun = await findUpload(s3, key, options);
  if (begun?.UploadId !== undefined)
    return { id: begun.UploadId, sent: await partsOf(s3, key, begun.UploadId, options) };
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

type Options = { readonly abortSignal?: AbortSignal };

/** The oldest: attempts that run side by side agree on one. */
async function findUpload(s3: S3, key: StoreKey, options: Options): Promise<MultipartUpload | undefined> {
  const found: MultipartUpload[] = [];
  let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (from) {
    const page: ListMultipartUploadsCommandOutput = await s3.client.send(
      new ListMultipartUploadsCommand({ Bucket: s3.bucket, Prefix: key, ...from }),
      options,
    );
    found.push(...(page.Uploads ?? []).filter((upload) => upload.Key === key));
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    from =
      IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: NextKeyMarker,
            ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
          }
        : undefined;
  }
  const time = ({ Initiated }: MultipartUpload): number => Initiated?.getTime() ?? 0;
  return found.sort((a, b) => time(a) - time(b))[0];
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
