/** Gives a machine back: no launch for it any more, its agent told to stop, everything under its name ended and confirmed gone. */
import { keys } from '../../domain/ids.js';
import type { MachineEnd } from '../../domain/job.js';
import { failpoint } from '../../process/failpoint.js';
import { pause } from '../../process/pause.js';
import { createRecord, readRecord } from '../../store/records.js';
import type { MachineRef, Watch } from '../port.js';
import { siteOf, type AwsFleetDeps, type Site } from './deps.js';
import { endAll } from './end.js';
import { isReclaimed } from './fate.js';
import { waiting } from './limits.js';
import { look } from './look.js';
import { targetOf } from './target.js';

export async function release(deps: AwsFleetDeps, ref: MachineRef, watch: Watch): Promise<void> {
  const site = await siteOf(deps, ref.season);
  const store = await deps.store(ref.season);
  await site.book.alone(ref.machine, watch.signal, async () => {
    const end = await readRecord<MachineEnd>(store, keys.ended(ref.machine));
    const reclaimed = await wasReclaimed(site, ref, end.state === 'found' ? end.record.reason : undefined);
    await site.book.note(ref.machine, { released: true, ...(reclaimed ? { reclaimed: true } : {}) });
    failpoint('release-written');
    await stopAgent(deps, site, ref, watch);
    await endAll(deps, site, ref, watch);
    failpoint('release-ended');
    const gone: MachineEnd = { machine: ref.machine, reason: 'gone' };
    await createRecord(store, keys.ended(ref.machine), gone);
    // From here on the record says it; the book keeps what the next machines ask for.
    await site.book.forget(ref.machine, 'intent', 'launched', 'rejected', 'released');
  });
}

/** By its agent's word, or EC2's while it shows the machine; a spot machine that vanished without any was taken as well. */
async function wasReclaimed(site: Site, ref: MachineRef, end: MachineEnd['reason'] | undefined): Promise<boolean> {
  if (end === 'reclaimed') return true;
  const instance = await look(site, ref);
  if (instance) return isReclaimed(instance);
  const { launched, reclaimed } = await site.book.read(ref.machine);
  return reclaimed ?? (launched?.market === 'spot' && end === undefined);
}

/** Best effort: the machine ends under the agent in any case. */
async function stopAgent(deps: AwsFleetDeps, site: Site, ref: MachineRef, watch: Watch): Promise<void> {
  const target = await targetOf(deps, site, ref);
  if (!target) return;
  const limit = new AbortController();
  try {
    await Promise.race([
      deps.remote.stop(target).catch((error: unknown) => watch.report(`the agent was not told: ${String(error)}`)),
      pause(waiting('stop', deps.timeScale), limit.signal),
    ]);
  } finally {
    limit.abort();
  }
}
