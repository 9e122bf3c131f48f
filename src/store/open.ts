/** A season's store, wherever it is. */
import type { StorePlace } from '../domain/agent.js';
import { directoryStore } from './directory.js';
import type { ObjectStore } from './port.js';

/** What belongs to S3 is loaded when a store in S3 is opened: nobody else pays for it. */
export async function openStore(place: StorePlace): Promise<ObjectStore> {
  if (place.kind === 'directory') return directoryStore(place.folder);
  const [{ awsClients }, { s3Store }] = await Promise.all([import('../aws/clients.js'), import('./s3/store.js')]);
  return s3Store(place, await awsClients(place).s3(place));
}
