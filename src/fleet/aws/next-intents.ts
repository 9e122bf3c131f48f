/** One round of requests for a machine, best placement first, with the prices of now. */
import { Failure } from '../../domain/failures.js';
import type { MachineRef, Watch } from '../port.js';
import { wordsOf } from './attempt.js';
import type { Intent } from './book.js';
import type { AwsFleetDeps, Site } from './deps.js';
import { resolveImage } from './image.js';
import { limits } from './limits.js';
import { lookAtRegion } from './market.js';
import { marketFor, placements } from './placements.js';
import { runRequest } from './request.js';

/** Each takes a number that never comes again, since its token is made of it. */
export async function* nextIntents(
  deps: AwsFleetDeps,
  site: Site,
  ref: MachineRef,
  watch: Watch,
): AsyncGenerator<Intent> {
  const { place, clients, book } = site;
  const order = await deps.order(ref.season);
  const image = await book.image(() => resolveImage(clients, order));
  const market = marketFor(order, await book.losses(ref.episode));
  const { offers, securityGroup } = await lookAtRegion(clients, place, order, market, new Date(site.now()));
  const round = placements(order, market, offers, await deps.speeds(ref.season));
  if (round.length === 0) {
    throw new Failure('unsupported', `No zone of ${place.region} with a default subnet has ${order.types.join(', ')}`, {
      next: 'Name other instance types, or another region',
    });
  }
  for (const placement of round) {
    watch.signal.throwIfAborted();
    const number = (await book.read(ref.machine)).number + 1;
    await site.book.note(ref.machine, { number });
    const at = site.now();
    const request = runRequest({
      place,
      ref,
      order,
      placement,
      number,
      image,
      securityGroup,
      deadline: at + order.deadlineSeconds * 1000,
      bootSeconds: Math.min(limits.boot / 1000, order.deadlineSeconds),
      version: deps.version,
    });
    watch.report(`asking for ${wordsOf(placement)}`);
    yield { placement, request, at, sentAt: at };
  }
}
