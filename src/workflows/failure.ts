/** Failures as workflows see them: the fact that an activity attached, or a bug. */
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import { factOf, isFailureKind, type FailureFact } from '../domain/failures.js';

/** The fact behind a failed activity or child. */
export function factOfFailure(error: unknown): FailureFact {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return factOfFailure(error.cause);
  if (error instanceof ApplicationFailure && error.type && isFailureKind(error.type)) {
    const [fact] = (error.details ?? []) as (FailureFact | undefined)[];
    return fact ?? { kind: error.type, what: error.message };
  }
  return factOf(error);
}
