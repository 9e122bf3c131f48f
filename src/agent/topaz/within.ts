/** Work that has to be over in time. */
import type { Failure } from '../../domain/failures.js';

/**
 * Ends `act` by its signal after `limitMs`; `late` says then what that means.
 * No `AbortSignal.timeout`: held by `AbortSignal.any` alone it is collected as garbage in Node 20, and never comes.
 */
export async function within<T>(
  limitMs: number,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
  late: (cause: unknown) => Failure,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), limitMs);
  try {
    return await act(AbortSignal.any([signal, over.signal]));
  } catch (error) {
    throw over.signal.aborted && !signal.aborted ? late(error) : error;
  } finally {
    clearTimeout(timer);
  }
}
