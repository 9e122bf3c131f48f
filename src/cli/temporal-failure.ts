/** Errors of the Temporal client as failures, by their classes, types and gRPC codes. */
import {
  ApplicationFailure,
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { TemporalPlace } from '../connection/place.js';
import { Failure, isFailureKind, type FailureFact } from '../domain/failures.js';
import { unreachable } from './client.js';

/** Codes of gRPC that TAAF tells apart. */
const grpc = {
  cancelled: 1,
  deadline: 4,
  permission: 7,
  precondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

function* chain(error: unknown): Generator<Error> {
  for (let at = error; at instanceof Error; at = at.cause) yield at;
}

/** The gRPC status code behind an error. */
function grpcCode(error: unknown): number | undefined {
  for (const link of chain(error)) if (isGrpcServiceError(link)) return link.code;
  return undefined;
}

/** Nobody took the request in time. A server that sees our deadline first says cancelled; one that knows of no worker, precondition. */
export function isUnanswered(error: unknown): boolean {
  const code = grpcCode(error);
  return code === grpc.deadline || code === grpc.cancelled || code === grpc.precondition;
}

/** The failure that a workflow or an activity threw, as it was written there. */
export function failureThrown(error: unknown): FailureFact | undefined {
  for (const link of chain(error)) {
    if (link instanceof ApplicationFailure && link.type && isFailureKind(link.type)) {
      const detail = link.details?.[0];
      return isFact(detail) ? detail : { kind: link.type, what: link.message };
    }
  }
  return undefined;
}

const isFact = (value: unknown): value is FailureFact =>
  typeof value === 'object' && value !== null && 'kind' in value && 'what' in value;

/** A failure for what the client threw; what is none of the known comes back as it is. */
export function temporalFailure(error: unknown, place: TemporalPlace): unknown {
  if (error instanceof Failure) return error;
  const thrown = failureThrown(error);
  if (thrown) {
    const { kind, what, ...detail } = thrown;
    return new Failure(kind, what, { ...detail, cause: error });
  }
  if (error instanceof WorkflowNotFoundError)
    return new Failure('usage', 'This season does not run', { next: 'See `taaf list`', cause: error });
  if (error instanceof NamespaceNotFoundError)
    return new Failure('usage', `Temporal at ${place.address} has no namespace ${place.namespace}`, {
      next: `Run: temporal operator namespace create --namespace ${place.namespace} --retention 90d`,
      cause: error,
    });
  return byCode(error, place);
}

function byCode(error: unknown, place: TemporalPlace): unknown {
  const code = grpcCode(error);
  if (code === grpc.unauthenticated)
    return new Failure('auth-expired', `Temporal at ${place.address} wants a sign-in`, { cause: error });
  if (code === grpc.permission)
    return new Failure('permission', `Temporal at ${place.address} refused the request`, { cause: error });
  if (code === grpc.unavailable) return unreachable(place, error);
  if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) && !isUnanswered(error)) return error;
  return new Failure('temporal-unreachable', 'No worker took the request; it may still be taken later', {
    evidence: `Temporal at ${place.address} runs, its worker does not answer`,
    next: place.embedded ? 'Run: taaf up' : 'Start a worker with: taaf worker',
    cause: error,
  });
}
