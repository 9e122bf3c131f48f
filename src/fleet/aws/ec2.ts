/** EC2's client with its commands, loaded at first use; and one call of it, bounded in time, that fails with a kind. */
import type * as Ec2Sdk from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.js';
import { ec2Failure } from './errors.js';

export interface Ec2 {
  readonly client: Ec2Sdk.EC2Client;
  readonly sdk: typeof Ec2Sdk;
}

export async function ec2Of(clients: AwsClients): Promise<Ec2> {
  const [client, sdk] = await Promise.all([clients.ec2(), import('@aws-sdk/client-ec2')]);
  return { client, sdk };
}

/** One call with all the SDK's attempts ends after so long: a connection that says nothing any more is no answer. */
const CALL_LIMIT_MS = 60_000;

/** @param what what could not be done if it fails, as a sentence */
export async function asked<T>(what: string, call: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  try {
    return await call({ abortSignal: AbortSignal.timeout(CALL_LIMIT_MS) });
  } catch (error) {
    throw ec2Failure(error, what);
  }
}

/** Everything that a paginated call has to give. */
export async function all<Page, Item>(
  what: string,
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const step = await asked(what, ({ abortSignal }) => unlessAborted(iterator.next(), abortSignal));
    if (step.done) return items;
    items.push(...(itemsOf(step.value) ?? []));
  }
}

/** The SDK's pages take no signal each; one that never comes is left behind. */
async function unlessAborted<T>(coming: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
