/** One bucket and the way to it: what every verb of the S3 store is given, and how it asks. */
import type { GetObjectCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { setTimeout as timer } from 'node:timers/promises';
import type { FailureKind } from '../../domain/failures.js';
import { awsFailure } from '../../aws/errors.js';

export interface S3 {
  readonly client: S3Client;
  readonly bucket: string;
}

/** What S3 says besides the codes of all services. */
const kinds: Readonly<Record<string, FailureKind>> = {
  NoSuchBucket: 'store-gone',
  // Damaged or cut off on the way.
  BadDigest: 'network',
  IncompleteBody: 'network',
  XAmzContentSHA256Mismatch: 'network',
  OperationAborted: 'network',
  ConditionalRequestConflict: 'network',
  // What streams of answers say.
  ERR_STREAM_PREMATURE_CLOSE: 'network',
  EHOSTUNREACH: 'network',
  ENETUNREACH: 'network',
  // The object is another one by now, or gone.
  PreconditionFailed: 'verify-failed',
  NoSuchKey: 'verify-failed',
  InvalidToken: 'auth-expired',
  InvalidAccessKeyId: 'permission',
  AllAccessDisabled: 'permission',
  AccountProblem: 'permission',
  'KMS.DisabledException': 'permission',
  PermanentRedirect: 'usage',
  AuthorizationHeaderMalformed: 'usage',
  IllegalLocationConstraintException: 'usage',
};

/** What S3 answered, as a failure. @param what what was being done, as a sentence */
export const s3Failure = (error: unknown, what: string, more: Readonly<Record<string, FailureKind>> = {}) =>
  awsFailure(error, what, { ...kinds, ...more });

/** Runs an act against S3; its errors become failures, and a stop from outside stays what it is. */
export async function asked<T>(what: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await act();
  } catch (error) {
    signal?.throwIfAborted();
    throw s3Failure(error, what);
  }
}

/** Waits of a repeated act, in milliseconds: the n-th is up to FIRST · 2ⁿ. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Repeats an act while its error is one that passes. The SDK repeats whole requests by itself; this is for what it leaves to us:
 * answers that end early, and conflicts.
 */
export async function patiently<T>(
  act: () => Promise<T>,
  passes: (error: unknown) => boolean,
  { attempts, signal }: { readonly attempts: number; readonly signal?: AbortSignal },
): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await act();
    } catch (error) {
      signal?.throwIfAborted();
      if (n >= attempts || !passes(error)) throw error;
      await timer(
        Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** n),
        undefined,
        signal ? { signal } : {},
      );
    }
  }
}

/** Sends a command with a header that the SDK either has no field for or answers with work of its own. */
export function withHeader<Command extends GetObjectCommand | UploadPartCommand>(
  command: Command,
  name: string,
  value: string,
): Command {
  (command.middlewareStack as GetObjectCommand['middlewareStack']).add(
    (next) => (args) => {
      (args.request as { readonly headers: Record<string, string> }).headers[name] = value;
      return next(args);
    },
    { step: 'build', name: `taaf-${name}` },
  );
  return command;
}
