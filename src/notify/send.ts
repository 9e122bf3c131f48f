/** One message to all addresses. */
import pMap from 'p-map';
import type { Tools } from '../domain/tools.js';
import { sendTo } from './apprise.js';
import type { Notice, Outcome } from './apprise.js';

/** Milliseconds for all of them together. */
const LIMIT_MS = 60_000;
const AT_ONCE = 4;

/** What became of each address, in their order. It takes a minute at most, and throws nothing that concerns an address. */
export function sendNotice(
  tools: Pick<Tools, 'apprise'>,
  urls: readonly string[],
  notice: Notice,
  limitMs = LIMIT_MS,
): Promise<Outcome[]> {
  const limit = AbortSignal.timeout(limitMs);
  return pMap(urls, (url) => sendTo(tools.apprise, url, notice, limit), { concurrency: AT_ONCE });
}
