/** Records: small JSON, sealed with its own hash, created once and never changed. Damage shows; a lost reply is told from a lost race. */
import { randomUUID } from 'node:crypto';
import { canonicalJson, sha256Of } from '../disk/hash.js';
import { keys, type MachineId, type RecipeId, type StoreKey, type Unit } from '../domain/ids.js';
import type { Claim } from '../domain/job.js';
import type { ObjectStore } from './port.js';

/** The bytes of a record: a line of JSON, and a line with its hash. */
export function seal(record: unknown): Buffer {
  const body = canonicalJson(record);
  return Buffer.from(`${body}\n${sealOf(body)}\n`);
}

const sealOf = (body: string): string => `"sha256:${sha256Of(body)}"`;

/** The record in these bytes, or `undefined` when they are damaged. */
export function unseal(bytes: Uint8Array): unknown {
  const [body = '', sealed, ...rest] = Buffer.from(bytes).toString('utf8').split('\n');
  return sealed === sealOf(body) && rest.length === 1 && rest[0] === '' ? JSON.parse(body) : undefined;
}

export type Read<T> = { readonly state: 'found'; readonly record: T } | { readonly state: 'absent' | 'damaged' };

/** Reads a record; the caller names its type, and the seal proves that TAAF wrote it. */
export async function readRecord<T>(store: ObjectStore, key: StoreKey): Promise<Read<T>> {
  const object = await store.get(key);
  if (!object) return { state: 'absent' };
  const record = unseal(await object.read());
  return record === undefined ? { state: 'damaged' } : { state: 'found', record: record as T };
}

/** Creates a record; `exists` when another was first. */
export const createRecord = (store: ObjectStore, key: StoreKey, record: unknown): Promise<'created' | 'exists'> =>
  store.create(key, seal(record));

/**
 * Claims a unit. A claim that exists already may be our own whose reply was lost: its nonce tells.
 * @returns whether the unit is ours
 */
export async function claimUnit(
  store: ObjectStore,
  recipe: RecipeId,
  unit: Unit,
  epoch: number,
  machine: MachineId,
): Promise<boolean> {
  const claim: Claim = { machine, nonce: randomUUID() };
  const key = keys.claim(recipe, unit, epoch);
  if ((await createRecord(store, key, claim)) === 'created') return true;
  const there = await readRecord<Claim>(store, key);
  return there.state === 'found' && there.record.nonce === claim.nonce;
}

/** Declares a record damaged or forgiven: from now on the next edition counts. */
export const voidRecord = async (
  store: ObjectStore,
  recipe: RecipeId,
  record: StoreKey,
  reason: string,
): Promise<void> => {
  await createRecord(store, keys.void(recipe, record), { reason });
};
