/** What an agent asks of its store: each request to a cloud costs money and a round trip. The table is in docs/agent-on-machines.md. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { workFinder } from '../../src/agent/find-work.js';
import { openHand } from '../../src/agent/hand.js';
import { paceOf } from '../../src/agent/pace.js';
import { durations } from '../../src/domain/durations.js';
import { episodeId, keys, machineId, recipeId, segmentUnit, type StoreKey } from '../../src/domain/ids.js';
import type { Claim, MachineProgress, Receipt } from '../../src/domain/job.js';
import { sha256Of } from '../../src/disk/hash.js';
import { directoryStore } from '../../src/store/directory.js';
import { lifeObserver } from '../../src/store/life.js';
import type { ObjectStore } from '../../src/store/port.js';
import { createRecord, seal } from '../../src/store/records.js';
import { workReader } from '../../src/store/work.js';
import { testJob, verdict } from '../fixtures/job.js';
import { temporaryFolder } from '../helpers/folder.js';
import { tools } from '../helpers/tools.js';
import { probe } from '../../src/media/probe.js';
import { progressive } from '../fixtures/media.js';

const EPISODES = 26;
const SEGMENTS = 45;
const DONE = 20;

type Counts = Record<'list' | 'get' | 'stat' | 'put' | 'create', number>;
const none = (): Counts => ({ list: 0, get: 0, stat: 0, put: 0, create: 0 });

/** The same store, with every request counted as S3 would bill it: a page of a listing has a thousand keys. */
function counted(store: ObjectStore, counts: Counts): ObjectStore {
  const one =
    <A extends unknown[], R>(name: keyof Counts, act: (...args: A) => R) =>
    (...args: A): R => {
      counts[name] += 1;
      return act(...args);
    };
  return {
    ...store,
    get: one('get', (key: StoreKey) => store.get(key)),
    stat: one('stat', (key: StoreKey) => store.stat(key)),
    put: one('put', (...args: Parameters<ObjectStore['put']>) => store.put(...args)),
    create: one('create', (...args: Parameters<ObjectStore['create']>) => store.create(...args)),
    async list(prefix) {
      const found = await store.list(prefix);
      counts.list += Math.max(1, Math.ceil(found.length / 1000));
      return found;
    },
  };
}

const own = episodeId(1, sha256Of('1'));
let store: ObjectStore;
let counts: Counts;

/** A season in its tenth hour: every episode has its machine, and each has rendered so many segments. */
beforeEach(async () => {
  const folder = await temporaryFolder();
  const info = await probe(tools, await progressive(folder, 24));
  const plain = directoryStore(join(folder, 'store'));
  counts = none();
  store = counted(plain, counts);
  await Promise.all(
    Array.from({ length: EPISODES }, async (_, index) => {
      const episode = episodeId(index + 1, sha256Of(`${index + 1}`));
      const recipe = recipeId(sha256Of(episode));
      const machine = machineId(episode, 1);
      const job = { ...testJob(info, verdict('progressive')), episode, recipe, order: index };
      await createRecord(plain, keys.job(recipe), job);
      const segments = Array.from({ length: SEGMENTS }, (_, n) => ({
        ...{ key: keys.restored(recipe, n, machine, 0), sha256: `${n}`, bytes: 1, first: n, frames: 1 },
      }));
      await createRecord(plain, keys.manifest(recipe, 0), { version: 1, machine, segments });
      for (let n = 0; n < DONE; n += 1) {
        await createRecord(plain, keys.claim(recipe, segmentUnit(n), 0), { machine, nonce: '' } satisfies Claim);
        const receipt = { machine, epoch: 0, segment: n, restoredSha256: `${n}` } as unknown as Receipt;
        await createRecord(plain, keys.receipt(recipe, n, 0), receipt);
        await plain.put(keys.segment(recipe, n, machine, 0), { bytes: Buffer.from('x') });
      }
      await plain.put(keys.progress(machine), {
        bytes: seal({ machine, beat: 1, units: [] } satisfies MachineProgress),
      });
      for (let n = 0; n < 60; n += 1) await plain.put(keys.log(machine, n), { bytes: Buffer.from('line\n') });
    }),
  );
});

const since = (before: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n - before[name as keyof Counts]])) as Counts;

const finder = () => workFinder(store, workReader(store), lifeObserver(store, durations.stale), own);

describe('the requests of an agent', () => {
  it('to find its next unit do not grow with the episodes, nor with anybody’s logs', async () => {
    const find = finder();
    await find.find();
    const before = { ...counts };
    expect(await find.find()).toMatchObject({ unit: segmentUnit(DONE) });
    // Machines, jobs and the own episode; one look at every machine.
    expect(since(before)).toEqual({ ...none(), list: 3, get: EPISODES });
  });

  it('in an hour on S3 are what the documentation says', async () => {
    const find = finder();
    await find.find();
    let before = { ...counts };
    await find.find();
    const perUnit = since(before);
    const hand = openHand(store, machineId(own, 1), 1);
    await hand.take(recipeId(sha256Of(own)), segmentUnit(DONE), 0);
    before = { ...counts };
    // One beat: it looks at the signal first, and after it has waited.
    const stop = new AbortController();
    const beating = hand.beat(stop.signal);
    while (counts.stat === before.stat) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort();
    await beating;
    const beats = since(before);
    expect(beats.put).toBe(beats.stat);

    const pace = paceOf({ kind: 's3', bucket: 'b', region: 'r' }, 1);
    const hour = 3_600_000;
    const units = 20;
    // drain, find; announce, claim; a restored segment; a rendered one, the voids, its receipt.
    const rows = {
      'Find and claim': { list: perUnit.list * units, get: perUnit.get * units, head: units, put: 2 * units },
      'Beat while rendering': { list: 0, get: 0, head: hour / pace.beat, put: hour / pace.beat },
      'Fetch and deliver': { list: units, get: units, head: 0, put: 2 * units },
      Log: { list: 0, get: 0, head: 0, put: hour / pace.logs },
    };
    const total = { list: 0, get: 0, head: 0, put: 0 };
    for (const row of Object.values(rows))
      for (const key of ['list', 'get', 'head', 'put'] as const) total[key] += row[key];
    const line = (name: string, { list, get, head, put }: typeof total): string =>
      `| ${name} | ${list} | ${get} | ${head} | ${put} |`;
    const docs = (await readFile(join(import.meta.dirname, '../../docs/agent-on-machines.md'), 'utf8')).replaceAll(
      / +\|/g,
      ' |',
    );
    for (const [name, row] of Object.entries(rows)) expect(docs).toContain(line(name, row));
    expect(docs).toContain(line('Together', total));
  });
});
