/** What AWS answered, as a failure kind: by code and class, never by message text. */
import { Failure, type FailureKind } from '../domain/failures.js';

/** The code of an AWS error, whichever service and SDK class it came through: `RequestLimitExceeded`, `NoSuchBucket`, `ECONNRESET`. */
export function awsCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { Code, code } = error as Error & { readonly Code?: unknown; readonly code?: unknown };
  if (typeof Code === 'string') return Code;
  return typeof code === 'string' ? code : error.name;
}

const kinds: Readonly<Record<string, FailureKind>> = {
  // Sign-in: the work is kept and goes on after it.
  ExpiredToken: 'auth-expired',
  ExpiredTokenException: 'auth-expired',
  RequestExpired: 'auth-expired',
  CredentialsProviderError: 'auth-expired',
  TokenProviderError: 'auth-expired',
  TokenRefreshRequired: 'auth-expired',
  UnauthorizedSSOTokenError: 'auth-expired',
  // Rights.
  AccessDenied: 'permission',
  AccessDeniedException: 'permission',
  UnauthorizedOperation: 'permission',
  AuthFailure: 'permission',
  'AuthFailure.ServiceLinkedRoleCreationNotPermitted': 'permission',
  InvalidClientTokenId: 'permission',
  UnrecognizedClientException: 'permission',
  SignatureDoesNotMatch: 'permission',
  OptInRequired: 'permission',
  PendingVerification: 'permission',
  Blocked: 'permission',
  // Too fast.
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  SlowDown: 'throttled',
  // On the way, or at their side.
  InternalError: 'network',
  InternalFailure: 'network',
  InternalServerError: 'network',
  Unavailable: 'network',
  ServiceUnavailable: 'network',
  RequestTimeout: 'network',
  TimeoutError: 'network',
  NetworkingError: 'network',
  ECONNRESET: 'network',
  ECONNREFUSED: 'network',
  EPIPE: 'network',
  ETIMEDOUT: 'network',
  ENOTFOUND: 'network',
  EAI_AGAIN: 'network',
};

/**
 * An AWS error as a failure: its code is the evidence.
 * @param what what was being done, as a sentence
 * @param more kinds of a service's own codes; they go before the common ones
 */
export function awsFailure(error: unknown, what: string, more: Readonly<Record<string, FailureKind>> = {}): Failure {
  if (error instanceof Failure) return error;
  const code = awsCode(error);
  const kind = (code === undefined ? undefined : (more[code] ?? kinds[code])) ?? kindOfStatus(error);
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(kind, what, { evidence: `${code ?? 'unknown'}: ${message}`, cause: error });
}

/** What no table names: by the status of the answer, since a service may have codes that nobody has written down. */
function kindOfStatus(error: unknown): FailureKind {
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === undefined) return 'bug';
  if (status === 403) return 'permission';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'network' : 'bug';
}
