/** What can still be listed when the store itself may be gone: a bucket goes with its season. */
import { Failure } from '../domain/failures.js';
import type { StoreKey } from '../domain/ids.js';
import type { ObjectInfo, ObjectStore } from './port.js';

/** As `list`; nothing where there is no such store any more. */
export const listSurviving = (store: ObjectStore, prefix: StoreKey): Promise<ObjectInfo[]> =>
  store.list(prefix).catch((error: unknown) => {
    if (error instanceof Failure && error.kind === 'store-gone') return [];
    throw error;
  });
