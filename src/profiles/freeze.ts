/** A profile frozen into a season: what runs is this value, whatever happens to the file it came from. */
import type { Profile } from '../domain/profile.js';

/** A deep copy with sorted keys that nobody can change: equal profiles give equal JSON, which can be hashed. */
export const freeze = (profile: Profile): Profile => frozen(profile) as Profile;

function frozen(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.freeze(Object.fromEntries(sorted.map(([key, inner]) => [key, frozen(inner)])));
}
