/** What a playbook's end means: its exit code, the task that failed, and what it told. */
import { Failure, type FailureKind } from '../../../domain/failures.js';
import type { PlayEvent } from './events.js';

export interface PlayEnd {
  /** Exit code, or the name of the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
  /** The first task that failed, or could not reach the machine. */
  readonly failed?: Extract<PlayEvent, { kind: 'failed' | 'unreachable' }> | undefined;
  readonly end?: Extract<PlayEvent, { kind: 'end' }> | undefined;
  /** The last line that was no event. */
  readonly lastWords?: string | undefined;
}

export interface PlayOutcome {
  /** Tasks that changed something. */
  readonly changed: number;
  /** The machine must be booted anew before it is of use. */
  readonly needsReboot: boolean;
}

/** Name of the statistic by which a role asks for a reboot: over SSM no play outlives one. */
const REBOOT = 'taaf_reboot';

/** Codes of ansible-playbook; 2 is "a host failed", whatever the reason. */
const exits: Readonly<Record<number, { readonly kind: FailureKind; readonly why: string }>> = {
  1: { kind: 'configure-failed', why: 'Ansible could not run the playbook' },
  2: { kind: 'configure-failed', why: 'a task failed' },
  4: { kind: 'machine-lost', why: 'the machine could not be reached' },
  5: { kind: 'bug', why: 'Ansible was called wrongly' },
  99: { kind: 'cancelled', why: 'Ansible was interrupted' },
  250: { kind: 'configure-failed', why: 'Ansible failed by itself' },
};

/** @throws Failure for every end but a good one */
export function outcomeOfPlay(machine: string, { exit, failed, end, lastWords }: PlayEnd): PlayOutcome {
  if (exit === 0 && end) return { changed: end.changed, needsReboot: end.told[REBOOT] === true };
  const known = typeof exit === 'number' ? exits[exit] : undefined;
  const kind = failed?.kind === 'unreachable' ? 'machine-lost' : (known?.kind ?? 'configure-failed');
  const why = failed?.kind === 'unreachable' ? 'the machine could not be reached' : (known?.why ?? 'Ansible was ended');
  const evidence = failed ? `${failed.task}: ${failed.why}` : (lastWords ?? `ended with ${exit}`);
  throw new Failure(kind, `${machine} could not be configured: ${why}`, { evidence });
}
