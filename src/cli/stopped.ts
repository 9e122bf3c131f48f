/** Ctrl-C during work that leaves nothing: the failure names the work, not the program that happened to run. */
import { Failure } from '../domain/failures.js';

/** @throws Failure `cancelled` that says so, in the place of one that a stopped program threw */
export async function stoppable<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'cancelled') throw error;
    throw new Failure('cancelled', `${what} was stopped; nothing is left of it`, {
      next: 'Run it again when you want it',
      cause: error,
    });
  }
}
