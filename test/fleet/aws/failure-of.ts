/** The failure that an act ends with; one that does not fail is a failure of the test. */
import { Failure } from '../../../src/domain/failures.js';

export async function failureOf(act: Promise<unknown>): Promise<Failure> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
