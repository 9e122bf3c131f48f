/** Where Temporal is: the one that a standard profile or the environment names, else the embedded server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { taafPaths, type Env } from '../config/paths.js';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { NAMESPACE } from '../domain/ids.js';

export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
  /** Whether this is TAAF's own server, which `taaf up` starts. */
  readonly embedded: boolean;
  /** Address of the Web UI, where it is known. */
  readonly uiAddress?: string;
  readonly options: ConnectionOptions;
}

/** Where Temporal is; `undefined` when it would be the embedded server and that was never started. */
export async function temporalPlace(env: Env): Promise<TemporalPlace | undefined> {
  return configuredPlace(env) ?? embeddedPlace(env);
}

/** The Temporal that a profile of the standard configuration, or the environment, points to. */
export function configuredPlace(env: Env): TemporalPlace | undefined {
  const { connectionOptions, namespace } = standardConfig(env);
  const { address } = connectionOptions;
  if (address === undefined) return undefined;
  return {
    address,
    namespace: namespace ?? NAMESPACE,
    embedded: false,
    options: connectionOptions,
  };
}

function standardConfig(env: Env): ReturnType<typeof loadClientConnectConfig> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(set) });
  } catch (error) {
    throw new Failure('usage', 'The Temporal configuration cannot be used', {
      evidence: error instanceof Error ? error.message : String(error),
      next: 'Mend TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE or the file that they name',
      cause: error,
    });
  }
}

async function embeddedPlace(env: Env): Promise<TemporalPlace | undefined> {
  try {
    const text = await readFile(join(taafPaths(env).state, 'server.json'), 'utf8');
    const { address, uiAddress } = JSON.parse(text) as { readonly address: string; readonly uiAddress?: string };
    const ui = uiAddress === undefined ? {} : { uiAddress };
    return { address, namespace: NAMESPACE, embedded: true, options: { address }, ...ui };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
