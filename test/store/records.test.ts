import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { keys } from '../../src/domain/ids.js';
import { directoryStore } from '../../src/store/directory.js';
import type { ObjectStore } from '../../src/store/port.js';
import { claimUnit, createRecord, readRecord, seal, unseal } from '../../src/store/records.js';
import { temporaryFolder } from '../helpers/folder.js';

describe('sealed records', () => {
  it('come back as they were, and damage of any one byte shows', () => {
    const bytes = seal({ frames: 240, name: 'Ünïcode “quotes”', list: [1, null, { b: 1, a: 2 }] });
    expect(unseal(bytes)).toEqual({ frames: 240, name: 'Ünïcode “quotes”', list: [1, null, { a: 2, b: 1 }] });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        return unseal(damaged) === undefined;
      }),
    );
  });

  it('tell absent from damaged', async () => {
    const store = directoryStore(await temporaryFolder());
    expect(await readRecord(store, 'a')).toEqual({ state: 'absent' });
    await store.put('a', { bytes: seal({ a: 1 }).subarray(0, 20) });
    expect(await readRecord(store, 'a')).toEqual({ state: 'damaged' });
  });
});

describe('claiming', () => {
  it('gives a unit to exactly one of many machines', async () => {
    const store = directoryStore(await temporaryFolder());
    const won = await Promise.all(
      Array.from({ length: 12 }, (_, n) => claimUnit(store, 'r-1', 's00000', 0, `e01-a-l${n}`)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('is won when only the reply was lost', async () => {
    const real = directoryStore(await temporaryFolder());
    const lossy: ObjectStore = { ...real, create: async (key, bytes) => (await real.create(key, bytes), 'exists') };
    expect(await claimUnit(lossy, 'r-1', 'restore', 0, 'e01-a-l1')).toBe(true);
  });

  it('is lost when another was first, or when the claim that is there is damaged', async () => {
    const store = directoryStore(await temporaryFolder());
    await createRecord(store, keys.claim('r-1', 's00000', 0), { machine: 'e01-a-l9', nonce: 'theirs' });
    expect(await claimUnit(store, 'r-1', 's00000', 0, 'e01-a-l1')).toBe(false);
    await store.put(keys.claim('r-1', 's00001', 0), { bytes: Buffer.from('{') });
    expect(await claimUnit(store, 'r-1', 's00001', 0, 'e01-a-l1')).toBe(false);
  });
});
