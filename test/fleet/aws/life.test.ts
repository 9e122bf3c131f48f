/** What becomes of machines in EC2, against the double: seen for what it is, and every machine confirmed gone in the end. */
import { describe, expect, it } from 'vitest';
import { keys } from '../../../src/domain/ids.js';
import { launchBook } from '../../../src/fleet/aws/book.js';
import { createRecord, readRecord } from '../../../src/store/records.js';
import { isAlive, type Instance } from '../../aws/ec2/instance.js';
import { until } from '../../helpers/until.js';
import { failureOf } from './failure-of.js';
import { anOrder, fleetIn, ref, SEASON } from './fleet.js';
import { region, type Region } from './region.js';

const ATTEMPTS = 4;

async function launched(...how: Parameters<typeof region>): Promise<Region & { readonly machine: Instance }> {
  const here = await region(...how);
  await here.fleet.launch(ref(), here.watch);
  const [machine] = here.double.instances();
  if (!machine) throw new Error('nothing was launched');
  return { ...here, machine };
}

const begin = ({ store }: Region) => store.put(keys.progress(ref().machine), { bytes: Buffer.from('{}') });

describe('the state of a machine', () => {
  it('is launched, then working when its agent writes, then ended when that says so', async () => {
    const here = await launched();
    const states = [await here.fleet.status(ref())];
    await begin(here);
    states.push(await here.fleet.status(ref()));
    await createRecord(here.store, keys.ended(ref().machine), { machine: ref().machine, reason: 'nothing-left' });
    states.push(await here.fleet.status(ref()));
    here.double.account.instances.terminate(here.machine, 'Client.InstanceInitiatedShutdown', 'its own');
    states.push(await here.fleet.status(ref()));
    expect(states.map(({ state }) => state)).toEqual(['launched', 'working', 'ended', 'ended']);
  });

  it('is launched as long as EC2 may hide it, and absent only when it has not shown for two minutes (E5)', async () => {
    const here = await region({ delays: { visible: 40 * 60_000 } });
    const launching = here.fleet.launch(ref(), here.watch);
    await until(() => here.double.instances().length === 1 && here.told.some((line) => line.startsWith('i-')));
    expect(await here.fleet.status(ref())).toEqual({ state: 'launched' });
    await launching;
    expect(here.double.instances()).toHaveLength(1);
    expect(await here.fleet.status(ref())).toEqual({ state: 'absent' });
    expect(await here.fleet.status(ref(9))).toEqual({ state: 'absent' });
  });

  it.each([
    ['Server.SpotInstanceTermination', 'spot-reclaimed', 'spot market'],
    ['Client.UserInitiatedShutdown', 'machine-lost', 'by hand'],
    ['Client.InstanceInitiatedShutdown', 'machine-lost', 'shut itself down'],
  ])('is lost in the middle of its work when EC2 says %s (E34, E37)', async (reason, kind, words) => {
    const here = await launched();
    await begin(here);
    here.double.account.instances.terminate(here.machine, reason, 'words of EC2');
    const { state, failure } = await here.fleet.status(ref());
    expect([state, failure?.kind]).toEqual(['lost', kind]);
    expect(failure?.what).toContain(words);
    await until(() => here.machine.state === 'terminated');
    expect((await here.fleet.status(ref())).failure?.kind).toBe(kind);
  });

  it('is lost to the spot market also when its agent has said goodbye', async () => {
    const here = await launched();
    await createRecord(here.store, keys.ended(ref().machine), { machine: ref().machine, reason: 'stopped' });
    here.double.account.instances.terminate(here.machine, 'Server.SpotInstanceTermination', 'reclaimed');
    expect((await here.fleet.status(ref())).failure?.kind).toBe('spot-reclaimed');
  });

  it('is lost to the spot market as soon as its agent says so, and counts as such (E34)', async () => {
    const here = await launched();
    await createRecord(here.store, keys.ended(ref().machine), { machine: ref().machine, reason: 'reclaimed' });
    expect((await here.fleet.status(ref())).failure?.kind).toBe('spot-reclaimed');
    await here.fleet.release(ref(), here.watch);
    await here.fleet.release(ref(), here.watch);
    expect(await launchBook(here.deps.launches(SEASON)).losses(ref().episode)).toBe(1);
  });

  it('is lost, and told to cost money, when a human stops it; it is ended all the same (E36)', async () => {
    const here = await launched({}, { market: 'on-demand' });
    here.double.account.instances.stop(here.machine, 'Client.UserInitiatedShutdown', 'User initiated shutdown');
    await until(() => here.machine.state === 'stopped');
    const { state, failure } = await here.fleet.status(ref());
    expect([state, failure?.kind]).toEqual(['lost', 'machine-lost']);
    expect(failure?.what).toContain('costs money');
    expect(await here.fleet.find(SEASON)).toEqual([ref().machine]);
    await here.fleet.release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
  });

  it('is still that of a worker when only its SSM agent is silent (E38)', async () => {
    const here = await launched();
    await begin(here);
    here.ssm.ping = 'lost';
    expect(await here.fleet.status(ref())).toEqual({ state: 'working' });
  });

  it('is lost when nobody got it ready in time: it has ended itself, by its own first lines (E46)', async () => {
    const here = await launched();
    await here.double.advance(60 * 60_000);
    const { state, failure } = await here.fleet.status(ref());
    expect([state, failure?.kind]).toEqual(['lost', 'machine-lost']);
    expect(failure?.evidence).toContain('Client.InstanceInitiatedShutdown');
    await here.double.advance(60_000);
    expect(here.machine.state).toBe('terminated');
  });

  it('is lost when nobody got it ready in time and its first lines never ran; the release ends it (E47)', async () => {
    const here = await launched({ delays: { bootWindows: 30 * 60_000 } });
    Object.assign(here.machine, { userData: undefined });
    here.ssm.ping = 'lost';
    await here.double.advance(55 * 60_000);
    const { state, failure } = await here.fleet.status(ref());
    expect([state, failure?.kind]).toEqual(['lost', 'machine-lost']);
    expect(failure?.evidence).toContain('running, SSM: lost');
    await here.fleet.release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
  });
});

describe('configuring and starting', () => {
  it('wait until SSM reaches the machine, and tell whoever does the work which instance it is', async () => {
    const here = await launched();
    here.ssm.ping = 'unknown';
    const configuring = here.fleet.configure(ref(), here.watch);
    await until(() => here.told.some((line) => line.includes('boots (SSM: unknown)')));
    expect(here.ssm.done).toEqual([]);
    here.ssm.ping = 'online';
    await configuring;
    await here.fleet.start(ref(), here.watch);
    const tag = here.machine.tags.find(({ Key }) => Key === 'taaf:deadline')?.Value ?? '';
    expect(new Date(here.ssm.endsAt ?? 0).toISOString()).toBe(tag);
    // By AWS's clock, to its date's second; the machine was asked for shortly before it was launched.
    const lasts = (here.ssm.endsAt ?? 0) - here.machine.launchedAt;
    expect(Math.abs(lasts - anOrder.deadlineSeconds * 1000)).toBeLessThan(10 * 60_000);
    expect(here.ssm.done).toEqual([`configure ${here.machine.id} windows`, `start ${here.machine.id} windows`]);
  });

  it('are over when the machine is gone: the watch tells why', async () => {
    const here = await launched();
    here.ssm.ping = 'unknown';
    const configuring = here.fleet.configure(ref(), here.watch);
    await until(() => here.told.some((line) => line.includes('boots')));
    here.double.account.instances.terminate(here.machine, 'Server.SpotInstanceTermination', 'reclaimed');
    await configuring;
    await here.fleet.start(ref(), here.watch);
    expect(here.ssm.done).toEqual([]);
    expect((await here.fleet.status(ref())).failure?.kind).toBe('spot-reclaimed');
  });

  it('fail when SSM never reaches it', async () => {
    const here = await launched();
    here.ssm.ping = 'unknown';
    const configuring = failureOf(here.fleet.configure(ref(), here.watch));
    await until(() => here.told.some((line) => line.includes('boots')));
    await here.double.advance(46 * 60_000);
    expect((await configuring).kind).toBe('configure-failed');
  });

  it('start the agent also when EC2 does not show the machine for a moment', async () => {
    const here = await launched({ timeScale: 20 });
    Object.assign(here.machine, { visibleAt: here.double.world.now() + 5_000 });
    await here.fleet.start(ref(), here.watch);
    expect(here.ssm.done).toEqual([`start ${here.machine.id} windows`]);
  });

  it('start no agent that works already', async () => {
    const here = await launched();
    await begin(here);
    await here.fleet.start(ref(), here.watch);
    expect(here.ssm.done).toEqual([]);
  });

  it('start no agent that has had its end', async () => {
    const here = await launched();
    await createRecord(here.store, keys.ended(ref().machine), { machine: ref().machine, reason: 'drained' });
    await here.fleet.start(ref(), here.watch);
    expect(here.ssm.done).toEqual([]);
  });
});

describe('a release', () => {
  it('tells the agent, ends the machine, waits for `terminated`, writes its end; and again changes nothing', async () => {
    const here = await launched();
    await here.fleet.release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
    expect(here.ssm.done).toEqual([`stop ${here.machine.id} windows`]);
    const end = await readRecord(here.store, keys.ended(ref().machine));
    expect(end).toMatchObject({ record: { reason: 'gone' } });
    await here.fleet.release(ref(), here.watch);
    expect(here.double.journal.calls('TerminateInstances')).toHaveLength(1);
    expect(await here.fleet.find(SEASON)).toEqual([]);
    expect((await failureOf(here.fleet.launch(ref(), here.watch))).kind).toBe('cancelled');
  });

  it('does not wait for an agent that does not answer', async () => {
    const here = await launched();
    const deaf = { ...here.deps.remote, stop: () => new Promise<void>(() => undefined) };
    const { awsFleet } = await import('../../../src/fleet/aws/aws.js');
    await awsFleet({ ...here.deps, remote: deaf }).release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
  });

  it.each([0, 60_000])(
    'ends what a launch has made whose answer never came, hidden for %i ms (E10)',
    async (visible) => {
      const here = await region({ delays: { visible } });
      here.double.script({ service: 'ec2', action: 'RunInstances', kind: 'drop-after', times: ATTEMPTS });
      const stop = new AbortController();
      const launching = failureOf(here.fleet.launch(ref(), { ...here.watch, signal: stop.signal }));
      await until(() => here.double.instances().length === 1);
      stop.abort();
      await launching;
      await here.fleet.release(ref(), here.watch);
      expect(here.double.instances().map(({ state }) => state)).toEqual(['terminated']);
      expect(here.double.orphans([])).toEqual([]);
    },
  );

  it('ends a machine of which this computer has no note: it is found by its tags', async () => {
    const here = await launched();
    const elsewhere = fleetIn(`${here.folder}/elsewhere`, anOrder);
    expect(await elsewhere.fleet.find(SEASON)).toEqual([ref().machine]);
    await elsewhere.fleet.release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
  });

  it.each([
    ['denied', {}, 'machine-stuck'],
    ['throttled', {}, 'throttled'],
    ['code', { code: 'OperationNotPermitted', status: 400 }, 'machine-stuck'],
  ] as const)('that EC2 answers with %s %o is told and tried again, not given up (E49)', async (kind, more, told) => {
    const here = await launched();
    here.double.script({ service: 'ec2', action: 'TerminateInstances', kind, ...more });
    const failure = await failureOf(here.fleet.release(ref(), here.watch));
    expect(failure.kind).toBe(told);
    if (told === 'machine-stuck') expect(failure.evidence).toContain(here.machine.id);
    expect(isAlive(here.machine)).toBe(true);
    expect(await here.store.stat(keys.ended(ref().machine))).toBeUndefined();
    here.double.clearScripts();
    await here.fleet.release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
  });

  it('that EC2 accepts and does not carry out is no release (E49)', async () => {
    const here = await launched();
    here.double.script({ service: 'ec2', action: 'TerminateInstances', kind: 'stuck' });
    const releasing = failureOf(here.fleet.release(ref(), here.watch));
    await until(() => here.told.some((line) => line.includes('is shutting-down')));
    await here.double.advance(16 * 60_000);
    const failure = await releasing;
    expect([failure.kind, failure.evidence]).toEqual(['machine-stuck', `${here.machine.id} shutting-down`]);
    here.double.account.instances.unstick();
    await here.fleet.release(ref(), here.watch);
    expect(here.machine.state).toBe('terminated');
  });
});

describe('finding', () => {
  it('goes through every page, and leaves out what is gone', async () => {
    const here = await launched();
    const { all } = here.double.account.instances;
    for (let copy = 2; copy <= 230; copy += 1) {
      const tags = here.machine.tags.map(({ Key, Value }) =>
        Key === 'taaf:machine' ? { Key, Value: `e03-5feceb66-l${copy}` } : { Key, Value },
      );
      const state = copy % 2 === 0 ? 'running' : 'terminated';
      all.push({ ...here.machine, id: `i-${String(copy).padStart(17, '0')}`, tags, state });
    }
    expect(await here.fleet.find(SEASON)).toHaveLength(116);
    expect(here.double.journal.calls('DescribeInstances').length).toBeGreaterThan(3);
  });
});
