/** The object store in a bucket of S3, or of a service that speaks like it. */
import type { S3Client } from '@aws-sdk/client-s3';
import { unlink } from 'node:fs/promises';
import { ignoreMissing } from '../../disk/durable.js';
import { checkKey } from '../key.js';
import type { ObjectStore } from '../port.js';
import { createObject } from './create.js';
import { listObjects, removeObject, removePrefix } from './listing.js';
import { findObject, statObject } from './object.js';
import { putBytes, putFile } from './put.js';

/** @param client of the bucket's region; the store never closes it */
export function s3Store({ bucket }: { readonly bucket: string }, client: S3Client): ObjectStore {
  const s3 = { bucket, client };
  return {
    async get(key) {
      checkKey(key);
      return findObject(s3, key);
    },
    async put(key, body, { signal } = {}) {
      checkKey(key);
      if ('bytes' in body) return putBytes(s3, key, body.bytes, signal);
      await putFile(s3, key, body.file, signal);
      if (body.move) await unlink(body.file).catch(ignoreMissing);
    },
    async create(key, bytes) {
      checkKey(key);
      return createObject(s3, key, bytes);
    },
    async list(prefix) {
      checkKey(prefix);
      return listObjects(s3, prefix);
    },
    async stat(key) {
      checkKey(key);
      return statObject(s3, key);
    },
    async remove(key) {
      checkKey(key);
      return key.endsWith('/') ? removePrefix(s3, key) : removeObject(s3, key);
    },
  };
}
