/** A season's store, wherever it is. */
import type { StorePlace } from '../domain/agent.js';
import { Failure } from '../domain/failures.js';
import { directoryStore } from './directory.js';
import type { ObjectStore } from './port.js';

export async function openStore(place: StorePlace): Promise<ObjectStore> {
  if (place.kind === 'directory') return Promise.resolve(directoryStore(place.folder));
  throw new Failure('unsupported', `There are no stores in S3 in this version`, { next: 'Use --fleet local' });
}
