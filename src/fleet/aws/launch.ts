/** Makes a machine unless it is there: finds what is there, repeats what has no answer, and only then tries placement after placement. */
import { Failure } from '../../domain/failures.js';
import { keys } from '../../domain/ids.js';
import type { MachineRef, Watch } from '../port.js';
import { attempt, type Attempt } from './attempt.js';
import { siteOf, type AwsFleetDeps } from './deps.js';
import { endAll } from './end.js';
import { limits } from './limits.js';
import { instancesOf, shows } from './look.js';
import { nextIntents } from './next-intents.js';
import { theInstance } from './instances.js';
import { settle } from './settle.js';

export async function launch(deps: AwsFleetDeps, ref: MachineRef, watch: Watch): Promise<void> {
  const site = await siteOf(deps, ref.season);
  const how: Attempt = { deps, site, ref, watch };
  await site.book.alone(ref.machine, watch.signal, async () => {
    await refuseWhatIsOver(how);
    if (await adopt(how)) return;
    if ((await site.book.read(ref.machine)).launched) {
      watch.report(`${ref.machine} was launched already, and is gone`);
      return;
    }
    if (await resume(how)) return;
    for await (const intent of nextIntents(deps, site, ref, watch)) if (await attempt(how, intent, adopt)) return;
    throw new Failure('capacity', `EC2 has no room for a machine in ${site.place.region} at the moment`, {
      evidence: `asked for every type and zone of the order, last as number ${(await site.book.read(ref.machine)).number}`,
    });
  });
}

/** A late attempt at a machine that has had its life launches nothing. */
async function refuseWhatIsOver({ deps, site, ref, watch }: Attempt): Promise<void> {
  const { released, rejected } = await site.book.read(ref.machine);
  if (rejected) {
    await endAll(deps, site, ref, watch);
    throw new Failure(rejected.kind, rejected.what, rejected);
  }
  if (released || (await (await deps.store(ref.season)).stat(keys.ended(ref.machine)))) {
    throw new Failure('cancelled', `The machine ${ref.machine} has been given back already`);
  }
}

/** Takes what EC2 shows, whoever wrote it down. @returns whether the launch is over */
async function adopt({ deps, site, ref, watch }: Attempt): Promise<boolean> {
  const { launched } = await site.book.read(ref.machine);
  const found = theInstance(await instancesOf(site, ref), launched?.instance);
  if (!found || found.state === 'terminated' || found.state === 'shutting-down') return false;
  await site.book.note(ref.machine, { launched: { instance: found.id, market: found.market, at: found.launchedAt } });
  await site.book.forget(ref.machine, 'intent');
  return settle(deps, site, ref, watch);
}

/** A request whose answer was lost is sent again as it is. An old one is not, since its deadline has aged: it must have shown by now. */
async function resume(how: Attempt): Promise<boolean> {
  const { deps, site, ref, watch } = how;
  const { intent } = await site.book.read(ref.machine);
  if (!intent) return false;
  if (site.now() - intent.at < limits.stale) return attempt(how, intent, adopt, 'again');
  const request = { token: intent.request.ClientToken, sentAt: intent.sentAt };
  if ((await shows(deps, site, ref, request, watch.signal)) && (await adopt(how))) return true;
  await site.book.forget(ref.machine, 'intent');
  return false;
}
