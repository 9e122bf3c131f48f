/** Waiting that ends early, without an error, when the signal says so. */
import { setTimeout as timer } from 'node:timers/promises';

export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await timer(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
