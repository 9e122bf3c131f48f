/** Ends a machine: everything that EC2 shows under its name, until EC2 says `terminated`. */
import { awsCode } from '../../aws/errors.js';
import { Failure, failureKinds } from '../../domain/failures.js';
import type { MachineRef, Watch } from '../port.js';
import type { AwsFleetDeps, Site } from './deps.js';
import { asked } from './ec2.js';
import { isThere, type Instance } from './instances.js';
import { limits } from './limits.js';
import { instancesOf, untilNextLook, wouldShow } from './look.js';

/**
 * Idempotent. Returns when each instance is `terminated` (a machine that shuts down still costs), or when it is proven that there is none:
 * a request whose answer is not known may show its effect for two minutes.
 * @throws Failure `machine-stuck` when EC2 refuses, or takes too long
 */
export async function endAll(deps: AwsFleetDeps, site: Site, ref: MachineRef, watch: Watch): Promise<void> {
  let began: number | undefined;
  const sent = new Set<string>();
  for (let clean = 0; ;) {
    const found = await instancesOf(site, ref);
    began ??= site.now();
    const hidden = await hiddenOf(site, ref, found);
    for (const id of [...found.filter(isThere).map(({ id: shown }) => shown), ...hidden.instances]) {
      if (!sent.has(id) && (await terminate(site, ref, id))) sent.add(id);
    }
    const left = found.filter(isThere);
    if (left.length === 0 && hidden.instances.length === 0 && !hidden.request) {
      clean += 1;
      // Shown as terminated is proof; shown not at all must be seen twice.
      if (found.length > 0 || clean === 2) return;
    } else if (site.now() - began >= limits.end) {
      throw stuck(ref, left.map(({ id, state }) => `${id} ${state}`).join(', ') || 'a request without an answer');
    }
    watch.report(
      left.map(({ id, state }) => `${id} is ${state}`).join(', ') || `looking whether ${ref.machine} is gone`,
    );
    await untilNextLook(deps, watch.signal);
  }
}

/** What our own book knows of and EC2 may not show yet. */
async function hiddenOf(
  site: Site,
  { machine }: MachineRef,
  found: readonly Instance[],
): Promise<{ readonly instances: readonly string[]; readonly request: boolean }> {
  const { intent, launched } = await site.book.read(machine);
  const hides = launched && !found.some(({ id }) => id === launched.instance) && !wouldShow(site, launched.at);
  const token = intent?.request.ClientToken;
  return {
    instances: hides ? [launched.instance] : [],
    request: intent !== undefined && !found.some((one) => one.token === token) && !wouldShow(site, intent.sentAt),
  };
}

/** One id a call: a bad one would block the others. @returns whether EC2 took it */
async function terminate({ ec2: { client, sdk } }: Site, ref: MachineRef, id: string): Promise<boolean> {
  try {
    await asked(`EC2 does not end ${id}`, (options) =>
      client.send(new sdk.TerminateInstancesCommand({ InstanceIds: [id] }), options),
    );
    return true;
  } catch (error) {
    const failure = error as Failure;
    // Not shown yet, or not any more: the next look tells.
    if (awsCode(failure.cause) === 'InvalidInstanceID.NotFound') return false;
    if (failureKinds[failure.kind].retry === 'soon') throw failure;
    throw stuck(ref, `${id}: ${failure.evidence ?? failure.kind}`, failure);
  }
}

/** Whatever it is, it is tried again for ever: somebody pays for that machine. */
const stuck = (ref: MachineRef, evidence: string, refusal?: Failure): Failure =>
  new Failure('machine-stuck', `The machine ${ref.machine} cannot be ended, and costs money`, {
    evidence,
    ...(refusal ? { next: refusal.next, cause: refusal } : {}),
  });
