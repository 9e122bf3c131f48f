/** Where TAAF's code meets Temporal: heartbeats while it works, and every error as an ApplicationFailure with its kind as the type. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { failureKinds, factOf } from '../domain/failures.js';

export interface ActivityContext {
  readonly signal: AbortSignal;
  /** The newest detail goes with the next heartbeat: a hint for watchers, never a checkpoint. */
  readonly report: (detail: unknown) => void;
}

/** Attempts for kinds of failure that may be the fault of chance. */
const FEW = 3;
/** Heartbeats go so many times within their timeout. */
const BEATS = 4;

/** An activity from a function: it heartbeats by a timer, so a silent program is no dead one. */
export function activity<Task, Result>(
  act: (task: Task, context: ActivityContext) => Promise<Result>,
): (task: Task) => Promise<Result> {
  return async (task) => {
    const context = Context.current();
    let detail: unknown;
    const beat = (): void => context.heartbeat(detail);
    const { heartbeatTimeoutMs } = context.info;
    const timer = heartbeatTimeoutMs === undefined ? undefined : setInterval(beat, heartbeatTimeoutMs / BEATS);
    try {
      return await act(task, {
        signal: context.cancellationSignal,
        report: (next) => {
          detail = next;
          beat();
        },
      });
    } catch (error) {
      // Stopped from outside: Temporal's own cancellation tells why, whatever the stopped program said.
      if (context.cancellationSignal.aborted) await context.cancelled;
      throw asApplicationFailure(error, context.info.attempt);
    } finally {
      clearInterval(timer);
    }
  };
}

function asApplicationFailure(error: unknown, attempt: number): ApplicationFailure {
  const fact = factOf(error);
  const { retry } = failureKinds[fact.kind];
  return ApplicationFailure.create({
    type: fact.kind,
    message: fact.what,
    details: [fact],
    nonRetryable: retry === 'human' || (retry === 'few' && attempt >= FEW),
    ...(error instanceof Error ? { cause: error } : {}),
  });
}
