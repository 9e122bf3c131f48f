/** The object store of a season: six verbs, two adapters (`directory`, later `s3`), one contract suite. */
import type { StoreKey } from '../domain/ids.js';

export interface ObjectInfo {
  readonly key: StoreKey;
  readonly bytes: number;
}

/** An object that was found; its content is fetched in the way the caller needs it. */
export interface StoredObject extends ObjectInfo {
  /** The whole content in memory: for records. */
  read(): Promise<Buffer>;
  /** The whole content as a file that appears complete or not at all. May share its bytes with the store: never write into it. */
  save(path: string, options?: { signal?: AbortSignal }): Promise<void>;
}

/** What is put: bytes, or a file; with `move` the file may be gone afterwards and no bytes are copied where that can be had. */
export type Body = { readonly bytes: Uint8Array } | { readonly file: string; readonly move?: boolean };

export interface ObjectStore {
  get(key: StoreKey): Promise<StoredObject | undefined>;
  /** The object appears complete and durable, or not at all; an older one of that key is replaced. */
  put(key: StoreKey, body: Body, options?: { signal?: AbortSignal }): Promise<void>;
  /** Creates the object if there is none: exactly one of all concurrent callers is told `created`. */
  create(key: StoreKey, bytes: Uint8Array): Promise<'created' | 'exists'>;
  /** All objects under a prefix that ends in `/`, in key order. */
  list(prefix: StoreKey): Promise<ObjectInfo[]>;
  stat(key: StoreKey): Promise<ObjectInfo | undefined>;
  /** Removes an object, or every object under a prefix that ends in `/`; what is not there is no error. */
  remove(key: StoreKey): Promise<void>;
}
