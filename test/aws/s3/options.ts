/** How the S3 double is set, and what scripts may do to a call. */
import type { Call } from '../service.js';
import type { S3State } from './state.js';

/**
 * `throttled` (503 SlowDown), `denied`, `error` (500), `expired` (credentials), `code` (with `code` and `status`): refused before the effect.
 * `drop-before`, `drop-after`: the connection is reset before the effect, or after it and instead of the answer.
 * `hang`: no answer ever, and no effect.
 * `late-error`: CompleteMultipartUpload answers 200 and then an error. On downloads, `cut`: reset halfway; `corrupt`: one wrong byte;
 * `excess`: more bytes than the object has.
 */
export interface S3Fault {
  readonly kind: string;
  readonly code?: string;
  readonly status?: number;
}

export interface S3Options {
  /** Where everything lies; absent: a fresh one in the world's folder. */
  readonly state?: S3State;
  /** Least bytes of all parts but the last; S3: 5 MiB. */
  readonly minPartBytes?: number;
  /** Objects in one page of a listing, at most; S3: 1000. */
  readonly pageSize?: number;
  /** What a script wants of this call, asked once for each. */
  readonly fault?: (call: Call, action: string) => S3Fault | undefined;
}
