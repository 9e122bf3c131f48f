/** One sending of one request, and what its answer means: there, nowhere, elsewhere, or not known. */
import type { Placement } from '../../domain/aws.js';
import type { Failure } from '../../domain/failures.js';
import { failpoint } from '../../process/failpoint.js';
import type { MachineRef, Watch } from '../port.js';
import type { Intent } from './book.js';
import type { AwsFleetDeps, Site } from './deps.js';
import { shows } from './look.js';
import { quotaFailure, vCpusOf } from './quota.js';
import { sendRequest, type Sent } from './send.js';
import { settle } from './settle.js';

/** All that an attempt at a machine needs. */
export interface Attempt {
  readonly deps: AwsFleetDeps;
  readonly site: Site;
  readonly ref: MachineRef;
  readonly watch: Watch;
}

/**
 * @param adopt takes what the request has made, if it shows
 * @param again the same request was sent before, and nobody knows what came of it
 * @returns whether the launch is over; if not, this placement has no room, and nothing came of it for sure
 */
export async function attempt(
  how: Attempt,
  intent: Intent,
  adopt: (how: Attempt) => Promise<boolean>,
  again?: 'again',
): Promise<boolean> {
  const { deps, site, ref, watch } = how;
  const sentAt = site.now();
  await site.book.note(ref.machine, { intent: { ...intent, sentAt } });
  failpoint('launch-written');
  const sent = await sendRequest(site.ec2, intent.request);
  failpoint('launch-answered');
  if (sent.answer === 'launched') {
    const launched = { instance: sent.instance, market: intent.placement.market, at: site.now() };
    await site.book.note(ref.machine, { launched });
    await site.book.forget(ref.machine, 'intent');
    failpoint('launch-noted');
    watch.report(`${sent.instance}: ${wordsOf(intent.placement)}`);
    return settle(deps, site, ref, watch);
  }
  const elsewhere = sent.answer === 'spent' || sent.failure.kind === 'capacity';
  // Only a refusal of the first sending proves that nothing was made.
  const proven = sent.answer === 'refused' && again === undefined;
  if (!proven) {
    if (!elsewhere) throw await told(site, intent.placement, sent);
    const request = { token: intent.request.ClientToken, sentAt: site.now() };
    if ((await shows(deps, site, ref, request, watch.signal)) && (await adopt(how))) return true;
  }
  await site.book.forget(ref.machine, 'intent');
  if (!elsewhere) throw await told(site, intent.placement, sent);
  watch.report(`no room for ${wordsOf(intent.placement)}: ${sent.failure.evidence ?? ''}`);
  return false;
}

/** A quota's refusal says which quota it was, and how to ask for more. */
async function told(
  { clients, place }: Site,
  { type, market }: Placement,
  { failure }: Extract<Sent, { readonly failure: Failure }>,
): Promise<Failure> {
  if (failure.kind !== 'quota') return failure;
  const vCpus = (await vCpusOf(clients, [type])).get(type) ?? 0;
  const { evidence } = failure;
  return quotaFailure(place, market, vCpus, { cause: failure, ...(evidence === undefined ? {} : { evidence }) });
}

export const wordsOf = ({ type, zone, market, usdPerHour }: Placement): string =>
  `${type} ${market} in ${zone}${usdPerHour === undefined ? '' : ` at ${usdPerHour.toFixed(3)} USD/h`}`;
