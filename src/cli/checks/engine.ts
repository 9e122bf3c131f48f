/** Check of what an AI model would compute on. */
import { backendHere } from '../hardware.js';
import type { Check } from './check.js';

export const checkBackend: Check = async ({ paths }) => {
  const backend = await backendHere(paths);
  if (backend === undefined) return [];
  const slow = ': AI models take days a season here; the profile dvd-4k-fast takes hours';
  return [{ name: 'GPU', state: 'ok', found: backend === 'cpu' ? `none${slow}` : backend }];
};
