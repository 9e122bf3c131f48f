/** Keys of a store: the only names that become paths, addresses and file names. */
import { Failure } from '../domain/failures.js';
import type { StoreKey } from '../domain/ids.js';

const PART = /^[a-z0-9-]+(\.[a-z0-9]+)?$/;

/** Whether a text is a key, or a prefix that ends in `/`: what somebody else has put into a store may be called anything. */
export const isKey = (text: string): boolean =>
  text
    .replace(/\/$/, '')
    .split('/')
    .every((part) => PART.test(part));

/** @throws Failure `bug` when it is none */
export function checkKey(key: StoreKey): void {
  if (!isKey(key)) throw new Failure('bug', `"${key}" is no key of a store`);
}
