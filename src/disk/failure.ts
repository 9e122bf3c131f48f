/** System errors of files and folders as failure kinds, by errno. */
import { Failure, type FailureKind } from '../domain/failures.js';
import { codeOf } from './durable.js';

const kindOfErrno: Readonly<Record<string, FailureKind>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'output-unwritable',
  EACCES: 'permission',
  EPERM: 'permission',
};

/** What a system error means; a `Failure` and an unknown error come back as they are. */
export function diskFailure(error: unknown, place: string): unknown {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const kind = code === undefined ? undefined : kindOfErrno[code];
  if (kind === undefined) return error;
  const what = kind === 'disk-full' ? `The disk of ${place} is full` : `${place} cannot be written`;
  return new Failure(kind, what, { evidence: error instanceof Error ? error.message : (code ?? ''), cause: error });
}
