/** What a command's status means: every status and detail that SSM documents, as waiting, done, or a failure. */
import type { FailureKind } from '../../../domain/failures.js';
import { NOT_CONFIGURED } from './document.js';

/** A command on one machine, as `GetCommandInvocation` tells it. */
export interface Invocation {
  readonly Status?: string | undefined;
  readonly StatusDetails?: string | undefined;
  /** Exit code of the script; -1 where it has not begun. */
  readonly ResponseCode?: number | undefined;
  readonly StandardOutputContent?: string | undefined;
  readonly StandardErrorContent?: string | undefined;
}

export type Outcome = 'waiting' | 'success' | { readonly kind: FailureKind; readonly why: string };

/**
 * Details say more than the status where there are any; the documentation writes them with spaces, the service without.
 * None of the failures is answered by a second command: whoever tries again begins with a look at the machine.
 */
const outcomes: Readonly<Record<string, Outcome>> = {
  Pending: 'waiting',
  InProgress: 'waiting',
  Delayed: 'waiting',
  Cancelling: 'waiting',
  Success: 'success',
  DeliveryTimedOut: { kind: 'machine-lost', why: 'the command did not reach the machine in time' },
  Undeliverable: { kind: 'machine-lost', why: 'the command could not be delivered: the machine does not answer' },
  ExecutionTimedOut: { kind: 'stalled', why: 'the script on the machine did not end in time' },
  TimedOut: { kind: 'machine-lost', why: 'the command timed out' },
  Terminated: { kind: 'machine-lost', why: 'SSM gave the command up' },
  Cancelled: { kind: 'machine-lost', why: 'somebody cancelled the command' },
  InvalidPlatform: { kind: 'bug', why: 'the document has no step for the machine’s system' },
  AccessDenied: { kind: 'permission', why: 'the machine may not run the document' },
  Failed: { kind: 'configure-failed', why: 'the script on the machine failed' },
};

/** A status that nobody has written down yet is no success. */
export function outcomeOf({ Status, StatusDetails, ResponseCode }: Invocation): Outcome {
  const [detail, status] = [StatusDetails, Status].map((text) => text?.replaceAll(' ', ''));
  const outcome = outcomes[detail ?? ''] ?? outcomes[status ?? ''];
  if (outcome === undefined) return { kind: 'bug', why: `SSM said ${detail ?? status ?? 'nothing'}` };
  if (detail === 'Failed' && ResponseCode === NOT_CONFIGURED)
    return { kind: 'configure-failed', why: 'the machine is not configured, or as another one' };
  return outcome;
}

/** The line that proves a failure. */
export function evidenceOf({ Status, StatusDetails, ResponseCode, StandardErrorContent }: Invocation): string {
  const last = StandardErrorContent?.trim().split('\n').at(-1) ?? '';
  const code = ResponseCode === undefined || ResponseCode < 0 ? '' : `, exit code ${ResponseCode}`;
  return `${StatusDetails ?? Status ?? 'no status'}${code}${last === '' ? '' : `: ${last}`}`;
}
