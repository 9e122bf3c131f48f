/** Launching in EC2, against the double: whatever happens on the way, one machine at most, and never one that nobody knows of. */
import { describe, expect, it } from 'vitest';
import { publicImages } from '../../../src/fleet/aws/image.js';
import { isAlive } from '../../aws/ec2/instance.js';
import { until } from '../../helpers/until.js';
import { failureOf } from './failure-of.js';
import { anOrder, fleetIn, INSTALL, ref, SEASON } from './fleet.js';
import { initialise, region, type Region } from './region.js';

const RUN = { service: 'ec2', action: 'RunInstances' };
/** As often as the SDK asks by itself. */
const ATTEMPTS = 4;

const alive = ({ double }: Region) => double.instances().filter(isAlive);
const launches = ({ double }: Region) => double.journal.events.filter(({ kind }) => kind === 'launched').length;

describe('a launch', () => {
  it('makes one machine in the cheapest place, known by its tags, and makes it once', async () => {
    const here = await region();
    await here.fleet.launch(ref(), here.watch);
    await here.fleet.launch(ref(), here.watch);
    const [machine, ...others] = here.double.instances();
    expect(others).toEqual([]);
    expect(machine).toMatchObject({ type: 'g6.xlarge', market: 'spot', state: 'running' });
    expect(await here.fleet.find(SEASON)).toEqual([ref().machine]);
    expect(await here.fleet.status(ref())).toEqual({ state: 'launched' });
    const [zone] = here.told.filter((line) => line.startsWith('asking'));
    expect(zone).toContain(machine?.subnet.zone);
    expect(zone).toMatch(/at \d\.\d{3} USD\/h/);
  });

  it('whose answer is lost is repeated, and is one machine (E2)', async () => {
    const here = await region();
    here.double.script({ ...RUN, kind: 'drop-after', times: 1 });
    await here.fleet.launch(ref(), here.watch);
    expect(here.double.journal.calls('RunInstances')).toHaveLength(2);
    expect(here.double.instances()).toHaveLength(1);
  });

  it('whose every answer is lost is found by its tags by the next attempt, or repeated byte for byte (E2)', async () => {
    for (const visible of [0, 100_000]) {
      const here = await region({ delays: { visible } });
      here.double.script({ ...RUN, kind: 'drop-after', times: ATTEMPTS });
      expect((await failureOf(here.fleet.launch(ref(), here.watch))).kind).toBe('network');
      await here.fleet.launch(ref(), here.watch);
      const calls = here.double.journal.calls('RunInstances');
      expect(calls.length).toBe(visible === 0 ? ATTEMPTS : ATTEMPTS + 1);
      expect(new Set(calls.map(({ input }) => JSON.stringify(input))).size).toBe(1);
      expect(here.double.instances()).toHaveLength(1);
    }
  });

  it('that finds no room when it is repeated waits for what the first sending made, and takes that (E3)', async () => {
    const here = await region({ delays: { visible: 60_000 } });
    here.double.script({ ...RUN, kind: 'drop-after', times: ATTEMPTS });
    await failureOf(here.fleet.launch(ref(), here.watch));
    here.double.script({ ...RUN, kind: 'code', code: 'InsufficientInstanceCapacity', status: 500 });
    await here.fleet.launch(ref(), here.watch);
    expect(launches(here)).toBe(1);
    expect(await here.fleet.status(ref())).toEqual({ state: 'launched' });
  });

  it('that the network never carried goes out again, and an old one does not (E2)', async () => {
    const here = await region();
    here.double.script({ ...RUN, kind: 'drop-before', times: ATTEMPTS });
    await failureOf(here.fleet.launch(ref(), here.watch));
    await here.double.advance(2 * 3_600_000);
    await here.fleet.launch(ref(), here.watch);
    expect(here.told.filter((line) => line.startsWith('asking'))).toHaveLength(2);
    expect(here.double.instances()).toHaveLength(1);
  });

  it('that finds no room goes to the next place, and to none twice in a round (E6)', async () => {
    const here = await region();
    here.double.capacity({ type: 'g6.xlarge' });
    await here.fleet.launch(ref(), here.watch);
    expect(alive(here).map(({ type }) => type)).toEqual(['g6.2xlarge']);
    const places = here.double.journal.calls('RunInstances').map(({ input }) => {
      const { InstanceType, Placement } = input as { InstanceType: string; Placement: { AvailabilityZone: string } };
      return `${InstanceType} ${Placement.AvailabilityZone}`;
    });
    expect(new Set(places).size).toBeGreaterThan(1);
  });

  it('that finds no room anywhere says so, has cost nothing, and begins anew with numbers of its own (E6)', async () => {
    const here = await region();
    const give = here.double.capacity({});
    const failure = await failureOf(here.fleet.launch(ref(), here.watch));
    expect(failure.kind).toBe('capacity');
    expect([launches(here), await here.fleet.find(SEASON)]).toEqual([0, []]);
    give();
    await here.fleet.launch(ref(), here.watch);
    expect(launches(here)).toBe(1);
    const tokens = here.double.journal
      .calls('RunInstances')
      .map(({ input }) => (input as { readonly ClientToken: string }).ClientToken);
    // Every place once, and one of the second round under a new token.
    const places = new Set(here.told.filter((line) => line.startsWith('asking')));
    expect(new Set(tokens).size).toBe(places.size + 1);
  });

  it('that EC2 takes back before it runs, for want of room, goes to the next place', async () => {
    const here = await region({ delays: { visible: 30_000, running: 60_000, shuttingDown: 1_000 } });
    const launching = here.fleet.launch(ref(), here.watch);
    await until(() => here.double.instances().length === 1);
    const [first] = here.double.instances();
    if (first) here.double.account.instances.terminate(first, 'Server.InsufficientInstanceCapacity', 'no room');
    await launching;
    expect(alive(here)).toHaveLength(1);
    expect(launches(here)).toBe(2);
  });

  it.each([
    ['spot', 'L-3819A6DF'],
    ['on-demand', 'L-DB2E81BA'],
  ] as const)(
    'over the quota of %s names it and how to ask for more, and goes on when there is room (E7)',
    async (market, code) => {
      const here = await region({ quotas: { [market]: 4 } }, { market, types: ['g6.2xlarge'] });
      const failure = await failureOf(here.fleet.launch(ref(), here.watch));
      expect(failure.kind).toBe('quota');
      expect(failure.next).toContain(
        `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${code} --desired-value 8 --region us-east-1`,
      );
      expect(launches(here)).toBe(0);
      here.double.account.quotas[market] = 8;
      await here.fleet.launch(ref(), here.watch);
      expect(launches(here)).toBe(1);
    },
  );

  it('that is throttled, or has no sign-in, is tried again later and makes one machine (E8, E51)', async () => {
    const here = await region();
    here.double.script({ ...RUN, kind: 'throttled', times: ATTEMPTS });
    expect((await failureOf(here.fleet.launch(ref(), here.watch))).kind).toBe('throttled');
    here.double.signIn('expired');
    expect((await failureOf(here.fleet.launch(ref(), here.watch))).kind).toBe('auth-expired');
    here.double.signIn('valid');
    await here.fleet.launch(ref(), here.watch);
    expect(launches(here)).toBe(1);
  });

  it('whose token was used for another request takes what there is, or another number (E9)', async () => {
    const here = await region();
    here.double.script({ ...RUN, kind: 'code', code: 'IdempotentParameterMismatch', status: 400, times: 1 });
    await here.fleet.launch(ref(), here.watch);
    expect(launches(here)).toBe(1);
    const [first, second] = here.double.journal
      .calls('RunInstances')
      .map(({ input }) => input as { ClientToken: string });
    expect(first?.ClientToken).not.toBe(second?.ClientToken);
  });

  it('whose token belongs to a machine that is gone takes another number (E9)', async () => {
    const here = await region({ delays: { visible: 0, shuttingDown: 0 } });
    here.double.script({ ...RUN, kind: 'drop-after', times: ATTEMPTS });
    await failureOf(here.fleet.launch(ref(), here.watch));
    const [first] = here.double.instances();
    if (first) here.double.account.instances.terminate(first, 'Server.SpotInstanceTermination', 'gone');
    await until(() => first?.state === 'terminated');
    await here.fleet.launch(ref(), here.watch);
    expect(alive(here)).toHaveLength(1);
    expect(here.double.journal.calls('RunInstances').some(({ code }) => code === 'IdempotentInstanceTerminated')).toBe(
      true,
    );
  });

  it.each([
    ['stays after its own shutdown (E48)', { shutdownBehavior: 'stop' }, 'not terminate'],
    ['gives its role away to anything that asks', { httpTokens: 'optional' }, 'asks for no token'],
    ['has an open disk', { encrypted: false }, 'not encrypted'],
    ['would leave its disk behind', { deleteOnTermination: false }, 'would stay after its end'],
  ] as const)('of a machine that %s ends it at once, and does not try its luck', async (_name, twist, words) => {
    const here = await region();
    here.double.twist(twist);
    const failure = await failureOf(here.fleet.launch(ref(), here.watch));
    expect(failure.kind).toBe('configure-failed');
    expect(failure.evidence).toContain(words);
    expect(here.double.instances().map(({ state }) => state)).toEqual(['terminated']);
    expect((await failureOf(here.fleet.launch(ref(), here.watch))).evidence).toContain(words);
    expect(launches(here)).toBe(1);
  });

  it('goes on demand after the spot market has taken two machines of the episode', async () => {
    const here = await region();
    for (const launch of [1, 2, 3]) {
      await here.fleet.launch(ref(launch), here.watch);
      const machine = alive(here)[0];
      expect(machine?.market).toBe(launch < 3 ? 'spot' : 'on-demand');
      if (machine) here.double.account.instances.terminate(machine, 'Server.SpotInstanceTermination', 'reclaimed');
      await here.fleet.release(ref(launch), here.watch);
    }
    await here.fleet.launch(ref(1, 'e04-aaaaaaaa'), here.watch);
    expect(alive(here).map(({ market }) => market)).toEqual(['spot']);
  });

  it('without what `taaf aws init` makes, or with strange wishes, fails before it costs anything', async () => {
    const here = await region();
    const stranger = fleetIn(`${here.folder}/other`, anOrder, 'ffeeddccbbaa9988');
    expect((await failureOf(stranger.fleet.launch(ref(), here.watch))).next).toContain('taaf aws init');
    const wishes = [
      { types: ['g6f.2xlarge'] },
      { types: ['x9.mega'] },
      { image: 'ami-00000000000000000' },
      { system: 'linux' as const },
    ];
    for (const [at, wish] of wishes.entries()) {
      const { fleet } = fleetIn(`${here.folder}/wish${at}`, { ...anOrder, ...wish });
      expect((await failureOf(fleet.launch(ref(), here.watch))).kind).toBe('unsupported');
    }
    expect(launches(here)).toBe(0);
  });

  it.each(['windows', 'linux'] as const)(
    'of %s takes the newest public image, one for the whole season',
    async (system) => {
      const here = await region();
      const { types, market, volumeGiB, deadlineSeconds } = anOrder;
      const { fleet } = fleetIn(`${here.folder}/${system}`, { system, types, market, volumeGiB, deadlineSeconds });
      await fleet.launch(ref(1), here.watch);
      here.double.world.parameters.delete(publicImages[system]);
      await fleet.launch(ref(2), here.watch);
      expect(alive(here).map(({ image }) => image.system)).toEqual([system, system]);
      const late = fleetIn(`${here.folder}/late`, { system, types, market, volumeGiB, deadlineSeconds });
      expect((await failureOf(late.fleet.launch(ref(3), here.watch))).kind).toBe('unsupported');
    },
  );

  it('never sees another installation’s machine, whatever that calls its season (E61, S26)', async () => {
    const here = await region();
    const other = fleetIn(`${here.folder}/other`, anOrder, 'ffeeddccbbaa9988');
    initialise(here.double, 'ffeeddccbbaa9988');
    await other.fleet.launch(ref(), other.watch);
    expect(await here.fleet.find(SEASON)).toEqual([]);
    expect(await here.fleet.status(ref())).toEqual({ state: 'absent' });
    await here.fleet.launch(ref(), here.watch);
    await here.fleet.release(ref(), here.watch);
    const installs = alive(here).map(({ tags }) => tags.find(({ Key }) => Key === 'taaf:install')?.Value);
    expect(installs).toEqual(['ffeeddccbbaa9988']);
    expect(installs).not.toContain(INSTALL);
  });
});
