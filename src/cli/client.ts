/** The command line's connection to Temporal. */
import { Client, Connection } from '@temporalio/client';
import type { Env } from '../config/paths.js';
import { temporalPlace, type TemporalPlace } from '../connection/place.js';
import { Failure } from '../domain/failures.js';

export interface Temporal {
  readonly place: TemporalPlace;
  readonly client: Client;
  close(): Promise<void>;
}

/** Our own server is on this computer: it answers at once or not at all. */
const PATIENCE = { embedded: '2s', elsewhere: '5s' } as const;

/** @throws Failure `temporal-unreachable` with the address and the next command */
export async function connect(env: Env): Promise<Temporal> {
  const place = await temporalPlace(env);
  if (place === undefined)
    throw new Failure('temporal-unreachable', 'Temporal does not run on this computer', { next: 'Run: taaf up' });
  try {
    const connection = await Connection.connect({
      ...place.options,
      connectTimeout: place.embedded ? PATIENCE.embedded : PATIENCE.elsewhere,
    });
    const client = new Client({ connection, namespace: place.namespace });
    return { place, client, close: () => connection.close() };
  } catch (error) {
    throw unreachable(place, error);
  }
}

export function unreachable(place: TemporalPlace, cause: unknown): Failure {
  return new Failure('temporal-unreachable', `Temporal does not answer at ${place.address}`, {
    evidence: cause instanceof Error ? cause.message : String(cause),
    next: place.embedded
      ? 'Run: taaf up'
      : 'Start that server, or choose another with TEMPORAL_PROFILE or TEMPORAL_ADDRESS',
    cause,
  });
}
