/** The S3 double alone on a port of this computer, with scripts of faults: for the tests of the store. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.js';
import type { Call } from '../service.js';
import type { S3Fault, S3Options } from './options.js';
import { s3Service } from './service.js';
import { addBucket, s3State, type Bucket } from './state.js';

export interface CallNote {
  readonly action: string;
  readonly key?: string;
  readonly part?: number;
  readonly status?: number;
  readonly code?: string;
  readonly fault?: string;
}

export interface S3Double {
  readonly url: string;
  readonly bucket: Bucket;
  /** Every call, in order. */
  readonly calls: readonly CallNote[];
  /** Of an action, in order; of those only that had their effect when `applied`. */
  called(action: string, applied?: boolean): CallNote[];
  /** Replaces the script: what is wanted of the n-th call of an action, from 1. */
  script(wanted: (action: string, n: number) => S3Fault | undefined): void;
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const BUCKET = 'taaf-test';

/** Ends with the test that asked for it; it has one bucket. */
export async function startS3(
  options: Omit<S3Options, 'state' | 'fault'> = {},
): Promise<S3Double & { readonly state: ReturnType<typeof s3State> }> {
  const folder = await temporaryFolder();
  const calls: CallNote[] = [];
  const counts = new Map<string, number>();
  let wanted: (action: string, n: number) => S3Fault | undefined = () => undefined;
  const state = s3State(folder);
  const fault = (_call: Call, action: string): S3Fault | undefined => {
    const n = (counts.get(action) ?? 0) + 1;
    counts.set(action, n);
    return wanted(action, n);
  };
  const service = s3Service(
    { account: ACCOUNT, folder, journal: (event) => void calls.push(event as unknown as CallNote) },
    { ...options, state, fault },
  );
  const server = createServer((request, response) => {
    // Clients that are killed hang up at any time.
    request.on('error', () => undefined);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const scope =
      request.headers.authorization?.match(/Credential=([^,\s]+)/)?.[1] ??
      url.searchParams.get('X-Amz-Credential') ??
      '';
    const [accessKey = '', , region = REGION] = scope.split('/');
    void service({ service: 's3', region, accessKey, url, request, response });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    bucket: addBucket(state, { name: BUCKET, region: REGION, owner: ACCOUNT }),
    calls,
    called: (action, applied = false) =>
      calls.filter((call) => call.action === action && (!applied || (call.status ?? 500) < 300)),
    script(next) {
      counts.clear();
      wanted = next;
    },
  };
}
