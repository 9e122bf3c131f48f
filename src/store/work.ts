/** Reads the records of a recipe. Records never change, so each is fetched once; one that is damaged is voided by whoever finds it. */
import { keys, segmentOfUnit, type RecipeId, type StoreKey, type Unit } from '../domain/ids.js';
import type { BoardRecords, Counting } from '../domain/board.js';
import type { Acceptance, Claim, Manifest, Receipt, UnitFailure } from '../domain/job.js';
import type { RefusableKind } from '../domain/proof.js';
import type { ObjectStore } from './port.js';
import { readRecord, voidRecord } from './records.js';

export interface WorkReader {
  read(recipe: RecipeId): Promise<BoardRecords>;
}

/** Highest number under each unit's folder: `claims/<unit>/<epoch>.json`. */
function highest(names: readonly string[]): Map<Unit, number> {
  const found = new Map<Unit, number>();
  for (const name of names) {
    const [, unit, file] = name.split('/');
    if (unit !== undefined && file !== undefined)
      found.set(unit as Unit, Math.max(found.get(unit as Unit) ?? 0, Number.parseInt(file, 10)));
  }
  return found;
}

/** The edition that counts, or would: the lowest that is not void. */
export function countingEdition(folder: string, voids: ReadonlySet<string>): number {
  let edition = 0;
  while (voids.has(`void/${folder}/${String(edition).padStart(4, '0')}.json`)) edition += 1;
  return edition;
}

export function workReader(store: ObjectStore): WorkReader {
  const cache = new Map<StoreKey, unknown>();

  async function fetch<T>(recipe: RecipeId, key: StoreKey, heal: boolean): Promise<T | undefined> {
    if (cache.has(key)) return cache.get(key) as T;
    const found = await readRecord<T>(store, key);
    if (found.state === 'found') cache.set(key, found.record);
    if (found.state === 'damaged' && heal) await voidRecord(store, recipe, key, 'the record is damaged');
    return found.state === 'found' ? found.record : undefined;
  }

  /** The counting record of a folder, past every damaged one. */
  async function counting<T>(
    recipe: RecipeId,
    folder: string,
    names: ReadonlySet<string>,
    voids: Set<string>,
  ): Promise<Counting<T> | undefined> {
    for (;;) {
      const edition = countingEdition(folder, voids);
      const name = `${folder}/${String(edition).padStart(4, '0')}.json`;
      if (!names.has(name)) return undefined;
      const key = keys.work(recipe) + name;
      const record = await fetch<T>(recipe, key, true);
      if (record !== undefined) return { key, edition, record };
      voids.add(`void/${name}`);
    }
  }

  async function read(recipe: RecipeId): Promise<BoardRecords> {
    const base = keys.work(recipe);
    const names = new Set((await store.list(base)).map(({ key }) => key.slice(base.length)));
    const under = (folder: string): string[] => [...names].filter((name) => name.startsWith(folder));
    const voids = new Set(under('void/'));

    const claims = new Map<Unit, { epoch: number; machine: string }>();
    for (const [unit, epoch] of highest(under('claims/'))) {
      const claim = await fetch<Claim>(recipe, keys.claim(recipe, unit, epoch), false);
      claims.set(unit, { epoch, machine: claim?.machine ?? '' });
    }
    const failures = new Map<Unit, UnitFailure[]>();
    for (const name of under('failures/').filter((failure) => !voids.has(`void/${failure}`))) {
      const unit = name.split('/')[1] as Unit;
      const failure = await fetch<UnitFailure>(recipe, base + name, true);
      if (failure) failures.set(unit, [...(failures.get(unit) ?? []), failure]);
    }
    const receipts = new Map<Unit, Counting<Receipt>>();
    for (const unit of highest(under('receipts/')).keys()) {
      const receipt = await counting<Receipt>(recipe, `receipts/${unit}`, names, voids);
      if (receipt?.record.segment === segmentOfUnit(unit)) receipts.set(unit, receipt);
    }
    const accepted = new Set<RefusableKind>();
    for (const name of under('accepted/')) {
      const acceptance = await fetch<Acceptance>(recipe, base + name, false);
      if (acceptance) accepted.add(acceptance.kind);
    }
    return {
      claims,
      failures,
      receipts,
      accepted,
      manifest: await counting<Manifest>(recipe, 'manifest', names, voids),
    };
  }
  return { read };
}
