/** Uploads that were begun and neither completed nor aborted: they cost as much as objects, and no listing of objects shows them. */
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3';
import { awsCode } from '../../aws/errors.js';
import type { S3 } from './s3.js';

export interface OpenUpload {
  readonly key: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

export interface Options {
  readonly abortSignal?: AbortSignal;
}

/** @param prefix MinIO lists under whole keys only; `''` is the bucket */
export async function uploadsUnder(s3: S3, prefix: string, options: Options = {}): Promise<OpenUpload[]> {
  const found: OpenUpload[] = [];
  let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (from) {
    const page: ListMultipartUploadsCommandOutput = await s3.client.send(
      new ListMultipartUploadsCommand({ Bucket: s3.bucket, Prefix: prefix, ...from }),
      options,
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
      if (Key !== undefined && UploadId !== undefined)
        found.push({ key: Key, id: UploadId, begun: Initiated?.getTime() ?? 0 });
    const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
    from =
      IsTruncated === true && KeyMarker !== undefined
        ? { KeyMarker, ...(UploadIdMarker === undefined ? {} : { UploadIdMarker }) }
        : undefined;
  }
  return found;
}

/** Ends every open upload of the bucket. */
export async function abortUploads(s3: S3): Promise<void> {
  for (const { key, id } of await uploadsUnder(s3, '')) {
    const command = new AbortMultipartUploadCommand({ Bucket: s3.bucket, Key: key, UploadId: id });
    await s3.client.send(command).catch((error: unknown) => {
      if (awsCode(error) !== 'NoSuchUpload') throw error;
    });
  }
}
