import { beforeEach, describe, expect, it } from 'vitest';
import { boardOf, nextOpen, openUnits } from '../../src/domain/board.js';
import { keys, segmentUnit } from '../../src/domain/ids.js';
import type { MachineProgress, Manifest, Receipt, UnitFailure } from '../../src/domain/job.js';
import { directoryStore } from '../../src/store/directory.js';
import { lifeObserver } from '../../src/store/life.js';
import type { ObjectStore } from '../../src/store/port.js';
import { claimUnit, createRecord, seal, voidRecord } from '../../src/store/records.js';
import { workReader } from '../../src/store/work.js';
import { temporaryFolder } from '../helpers/folder.js';

const recipe = 'r-1';
const machine = 'e01-a-l1';
let store: ObjectStore;
let clock = 0;

beforeEach(async () => {
  store = directoryStore(await temporaryFolder());
  clock = 0;
});

const manifest = (segments: number): Manifest => ({
  version: 1,
  machine,
  epoch: 0,
  frames: segments * 10,
  width: 720,
  height: 480,
  pixelFormat: 'yuv420p',
  steps: [[segments * 10, 5005]],
  startTicks: 0,
  segments: Array.from({ length: segments }, (_, n) => ({
    key: keys.restored(recipe, n, machine, 0),
    sha256: `restored-${n}`,
    bytes: 1,
    first: n * 10,
    frames: 10,
  })),
});

const receipt = (segment: number, restoredSha256 = `restored-${segment}`): Receipt => ({
  version: 1,
  machine,
  epoch: 0,
  segment,
  key: keys.segment(recipe, segment, machine, 0),
  sha256: 'x',
  bytes: 1,
  frames: 10,
  seconds: 1,
  parameterSets: 'p',
  restoredSha256,
  engine: 'test',
});

const failure = (kind: UnitFailure['kind'], epoch: number): UnitFailure => ({
  machine,
  epoch,
  kind,
  what: 'it failed',
  at: 0,
});

async function board(holds = (): boolean => false) {
  return boardOf(await workReader(store).read(recipe), holds);
}

const beat = (count: number, units: MachineProgress['units'] = []): Promise<void> =>
  store.put(keys.progress(machine), { bytes: seal({ machine, beat: count, units } satisfies MachineProgress) });

describe('the board of a recipe', () => {
  it('begins with restoring, then offers segments in order, and is rendered when all have receipts', async () => {
    expect(nextOpen(await board())).toEqual({ unit: 'restore', epoch: 0 });
    await createRecord(store, keys.manifest(recipe, 0), manifest(3));
    expect(nextOpen(await board())).toEqual({ unit: 's00000', epoch: 0 });
    await createRecord(store, keys.receipt(recipe, 0, 0), receipt(0));
    await createRecord(store, keys.receipt(recipe, 1, 0), receipt(1));
    expect(openUnits(await board())).toBe(1);
    await createRecord(store, keys.receipt(recipe, 2, 0), receipt(2));
    expect((await board()).rendered).toBe(true);
  });

  it('offers the next epoch of a unit whose owner is gone, and nothing of one that is held', async () => {
    await claimUnit(store, recipe, 'restore', 0, machine);
    expect(nextOpen(await board(() => true))).toBeUndefined();
    expect(nextOpen(await board())).toEqual({ unit: 'restore', epoch: 1 });
  });

  it('takes a damaged receipt for none, voids it, and lets the next edition count', async () => {
    await createRecord(store, keys.manifest(recipe, 0), manifest(1));
    await store.put(keys.receipt(recipe, 0, 0), { bytes: Buffer.from('{"record":{},"sha256":"no"}') });
    expect((await board()).rendered).toBe(false);
    expect(await store.stat(keys.void(recipe, keys.receipt(recipe, 0, 0)))).toBeDefined();
    await createRecord(store, keys.receipt(recipe, 0, 1), receipt(0));
    expect((await board()).rendered).toBe(true);
  });

  it('takes a damaged manifest for none, so the episode is restored again', async () => {
    await claimUnit(store, recipe, 'restore', 0, machine);
    await store.put(keys.manifest(recipe, 0), { bytes: Buffer.from('') });
    expect(nextOpen(await board())).toEqual({ unit: 'restore', epoch: 1 });
    await createRecord(store, keys.manifest(recipe, 1), manifest(2));
    expect((await board()).records.manifest?.edition).toBe(1);
  });

  it('does not count a receipt that was made from other frames than the manifest names', async () => {
    await createRecord(store, keys.manifest(recipe, 0), manifest(1));
    await createRecord(store, keys.receipt(recipe, 0, 0), receipt(0, 'frames of a voided manifest'));
    expect((await board()).rendered).toBe(false);
  });

  it('lets a unit fail a few times, then asks the human; forgiven failures count no more', async () => {
    await createRecord(store, keys.manifest(recipe, 0), manifest(2));
    for (const epoch of [0, 1])
      await createRecord(store, keys.failure(recipe, 's00001', epoch), failure('engine-crashed', epoch));
    expect((await board()).blocked).toBeUndefined();
    await createRecord(store, keys.failure(recipe, 's00001', 2), failure('engine-crashed', 2));
    const blocked = await board();
    expect(blocked.blocked?.kind).toBe('engine-crashed');
    expect(nextOpen(blocked)).toBeUndefined();
    for (const epoch of [0, 1, 2]) await voidRecord(store, recipe, keys.failure(recipe, 's00001', epoch), 'retry');
    expect((await board()).blocked).toBeUndefined();
  });

  it('asks the human at once where another attempt cannot help', async () => {
    await createRecord(store, keys.failure(recipe, 'restore', 0), failure('bad-source', 0));
    expect((await board()).blocked).toEqual({ kind: 'bad-source', what: 'it failed' });
  });
});

describe('life', () => {
  const inHand = [{ recipe, unit: segmentUnit(0), epoch: 0, frames: 3, total: 10, rate: 1 }];
  const look = async (observer: ReturnType<typeof lifeObserver>, ms: number) => {
    clock += ms;
    return observer.look();
  };

  it('is in the change of the beat: a machine that says nothing new for 90 s holds nothing', async () => {
    const observer = lifeObserver(store, 90_000, () => clock);
    await beat(1, inHand);
    expect((await look(observer, 0)).holds(recipe)(machine, 's00000', 0)).toBe(true);
    for (let i = 0; i < 4; i++) await look(observer, 20_000);
    expect((await look(observer, 5_000)).holds(recipe)(machine, 's00000', 0)).toBe(true);
    expect((await look(observer, 20_000)).holds(recipe)(machine, 's00000', 0)).toBe(false);
    await beat(2, inHand);
    expect((await look(observer, 1)).holds(recipe)(machine, 's00000', 0)).toBe(true);
  });

  it('is not lost by a sleep of the observer itself', async () => {
    const observer = lifeObserver(store, 90_000, () => clock);
    await beat(1, inHand);
    await look(observer, 0);
    expect((await look(observer, 10 * 3_600_000)).holds(recipe)(machine, 's00000', 0)).toBe(true);
  });

  it('ends with the tombstone, and holds only the epoch in hand', async () => {
    const observer = lifeObserver(store, 90_000, () => clock);
    await beat(1, inHand);
    const view = await look(observer, 0);
    expect(view.holds(recipe)(machine, 's00000', 1)).toBe(false);
    expect(view.holds('r-2')(machine, 's00000', 0)).toBe(false);
    await createRecord(store, keys.ended(machine), { machine, reason: 'gone' });
    expect((await look(observer, 1)).holds(recipe)(machine, 's00000', 0)).toBe(false);
  });
});
