/** Answers of GetObject: what they say of the object, and their bodies. */
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/failures.js';
import type { StoreKey } from '../../domain/ids.js';
import type { ObjectInfo } from '../port.js';
import type { Crc64 } from './checksum.js';
import { s3Failure } from './s3.js';

/** What S3 says of an object, bound to this very content by its ETag. */
export interface ObjectHeaders extends ObjectInfo {
  readonly etag: string;
  /** Of the whole content; absent where another program has put it without one. */
  readonly crc?: Crc64;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Whether another attempt may do better: answers that ended early or were damaged. What the SDK gave up has been repeated already. */
export function passes(error: unknown): boolean {
  if (error instanceof Failure) return error.kind === 'network' || error.kind === 'verify-failed';
  return !(error instanceof Object && '$metadata' in error) && s3Failure(error, '').kind === 'network';
}

/** @param evidence two checksums that differ */
export const damaged = (key: StoreKey, evidence: string): Failure =>
  new Failure('verify-failed', `${key} did not arrive as it was put`, { evidence });

export const bodyOf = ({ Body }: GetObjectCommandOutput): Readable => Body as Readable;

/** Fills the buffer with a body that must have exactly its size: not a byte more is taken. */
export async function fill(buffer: Buffer, body: Readable): Promise<void> {
  let at = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer;
    if (at + bytes.length > buffer.length) throw new Failure('network', 'The store sent more than it was asked for');
    bytes.copy(buffer, at);
    at += bytes.length;
  }
  if (at < buffer.length) throw new Failure('network', 'The store sent less than it said');
}

/** Size of the whole object that a range was cut from. */
export function totalOf({ ContentRange, ContentLength = 0 }: GetObjectCommandOutput): number {
  const total = /^bytes \d+-\d+\/(\d+)$/.exec(ContentRange ?? '')?.[1];
  return total === undefined ? ContentLength : Number(total);
}
