/** What the S3 double holds: buckets, objects and open uploads in memory, their bytes as files. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChecksumName } from './checksums.js';

/** Bytes that were stored in one go; an object made of parts has many. */
export interface Piece {
  readonly path: string;
  readonly bytes: number;
  readonly md5: string;
  /** Base64. */
  readonly crc64nvme: string;
}

export interface S3Object {
  readonly pieces: readonly Piece[];
  readonly bytes: number;
  /** With its quotes. */
  readonly etag: string;
  readonly crc64nvme: string;
  readonly modified: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly algorithm?: ChecksumName;
  readonly fullObject: boolean;
  readonly parts: Map<number, Piece>;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly created: Date;
  /** Account; one that is not the double's own is somebody else's. */
  readonly owner: string;
  readonly objects: Map<string, S3Object>;
  readonly uploads: Map<string, Upload>;
  /** Tagging, policy, lifecycle and the like, as they were put. */
  readonly settings: Map<string, string>;
}

export interface S3State {
  readonly buckets: Map<string, Bucket>;
  /** A fresh name for bytes. */
  newPath(): Promise<string>;
  /** Forgets bytes that nothing names any more. */
  forget(pieces: Iterable<Piece>): Promise<void>;
}

/** @param folder for the bytes; made at first need */
export function s3State(folder: string): S3State {
  return {
    buckets: new Map(),
    async newPath() {
      await mkdir(folder, { recursive: true });
      return join(folder, randomUUID());
    },
    async forget(pieces) {
      for (const { path } of pieces) await rm(path, { force: true });
    },
  };
}

/** Makes a bucket without asking anybody, as CloudFormation would. */
export function addBucket(state: S3State, bucket: Pick<Bucket, 'name' | 'region' | 'owner'>): Bucket {
  const made = { ...bucket, created: new Date(), objects: new Map(), uploads: new Map(), settings: new Map() };
  state.buckets.set(bucket.name, made);
  return made;
}
