/**
 * What ffmpeg's exit code says: its negative error number, which is an errno where the system refused something. POSIX keeps the low byte of
 * it; Windows keeps all 32 bits, unsigned.
 */
import { constants } from 'node:os';
import type { FailureKind } from '../domain/failures.js';

const { errno } = constants;

const kindOfErrno: ReadonlyMap<number, FailureKind> = new Map([
  [errno.ENOSPC, 'disk-full'],
  [errno.EDQUOT, 'disk-full'],
  [errno.EROFS, 'output-unwritable'],
  [errno.EACCES, 'permission'],
]);

/** The kind of failure that an exit code of ffmpeg proves (228 on Linux, 4294967268 on Windows: no space left), if any. */
export const ffmpegExitKind = (code: number): FailureKind | undefined =>
  kindOfErrno.get((code > 255 ? 2 ** 32 : 256) - code);
