/** The worker's two connections. The first connect is never retried by the SDK: a worker that starts before its server waits for it here. */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Env } from '../config/paths.js';
import { temporalPlace, type TemporalPlace } from '../connection/place.js';
import { pause } from '../process/pause.js';

const AGAIN_MS = 500;

export interface WorkerConnections {
  readonly native: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  close(): Promise<void>;
}

/** Waits until Temporal answers, or the signal; says once a minute what it waits for. */
export async function connectPatiently(
  env: Env,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<WorkerConnections | undefined> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const place = await temporalPlace(env);
    try {
      if (place) return await connect(place);
    } catch (error) {
      if (attempt % 120 === 0) say(`no answer from Temporal at ${place?.address ?? '?'}: ${String(error)}`);
    }
    if (!place && attempt % 120 === 0) say('no Temporal server has been started yet');
    await pause(AGAIN_MS, signal);
  }
  return undefined;
}

async function connect({ options, namespace }: TemporalPlace): Promise<WorkerConnections> {
  const connection = await Connection.connect({ ...options, connectTimeout: '5s' });
  const client = new Client({ connection, namespace });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    const { address, tls, apiKey } = options;
    const native = await NativeConnection.connect({
      ...(address === undefined ? {} : { address }),
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
    });
    const close = async (): Promise<void> => {
      await Promise.all([native.close(), connection.close()]);
    };
    return { native, client, namespace, close };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
