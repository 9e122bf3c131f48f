/**
 * The table of failure kinds: how each is retried and what a human does next.
 * Everything that can go wrong anywhere in TAAF is one of these; adapters map error codes to them, never message texts.
 */

/** How the durable side goes on after a failure of this kind, without being asked. */
export type RetryRule =
  /** The attempt is repeated with back-off, for ever. */
  | 'soon'
  /** Repeated a few times, since it may be the machine's fault; then the human is asked. */
  | 'few'
  /** Only a human can mend it: everything is kept until `taaf retry`. */
  | 'human';

export interface FailureKindInfo {
  readonly retry: RetryRule;
  /** What the user does next, as one imperative sentence. */
  readonly next: string;
}

export const failureKinds = {
  'bad-source': { retry: 'human', next: 'Check or re-rip the source file, then run: taaf retry <episode>' },
  unsupported: { retry: 'human', next: 'Choose another profile or source; `taaf plan` names what is supported' },
  'output-exists': {
    retry: 'human',
    next: 'Move the file that is in the way, or choose another --out, then: taaf retry <episode>',
  },
  'output-unwritable': { retry: 'human', next: 'Make the output folder writable, then run: taaf retry <episode>' },
  'disk-full': { retry: 'human', next: 'Free disk space, then run: taaf retry <episode>' },
  'tool-missing': { retry: 'human', next: 'Run: taaf setup, then: taaf retry <episode>' },
  'auth-expired': { retry: 'soon', next: 'Sign in again; the work goes on by itself' },
  permission: { retry: 'human', next: 'Grant the right that the evidence names, then run: taaf retry <episode>' },
  quota: { retry: 'soon', next: 'Ask for a higher quota, or wait: the work goes on by itself' },
  capacity: { retry: 'soon', next: 'Nothing: TAAF keeps asking for a machine' },
  'spot-reclaimed': { retry: 'soon', next: 'Nothing: another machine takes over' },
  'machine-lost': { retry: 'few', next: 'Look at `taaf logs <episode>`, then run: taaf retry <episode>' },
  'machine-stuck': {
    retry: 'soon',
    next: 'End the machine that the evidence names in the AWS console; TAAF keeps trying, too',
  },
  'configure-failed': { retry: 'few', next: 'Look at `taaf logs <episode>`, then run: taaf retry <episode>' },
  licence: { retry: 'human', next: 'Sign in to the engine, then run: taaf retry <episode>' },
  'engine-crashed': { retry: 'few', next: 'Look at `taaf logs <episode>`, then run: taaf retry <episode>' },
  'out-of-gpu-memory': { retry: 'few', next: 'Free the GPU or choose a smaller model, then run: taaf retry <episode>' },
  stalled: { retry: 'few', next: 'Look at `taaf logs <episode>`, then run: taaf retry <episode>' },
  'verify-failed': {
    retry: 'few',
    next: 'Look at `taaf why <episode>`; the damaged part is rendered again by: taaf retry <episode>',
  },
  network: { retry: 'soon', next: 'Nothing: TAAF keeps trying' },
  throttled: { retry: 'soon', next: 'Nothing: TAAF slows down and goes on' },
  'store-gone': { retry: 'human', next: 'Submit the folder again: what was rendered is gone with its store' },
  'over-budget': { retry: 'human', next: 'Raise --max-cost, then run: taaf retry <episode>' },
  cancelled: { retry: 'human', next: 'Submit again when you want it' },
  usage: { retry: 'human', next: 'Run the command with --help' },
  'temporal-unreachable': { retry: 'soon', next: 'Run: taaf up' },
  bug: { retry: 'few', next: 'Please report it with the output of: taaf doctor --json' },
} as const satisfies Record<string, FailureKindInfo>;

export type FailureKind = keyof typeof failureKinds;

/** Whether `text` is the name of a failure kind (it may come from a record another version wrote). */
export const isFailureKind = (text: string): text is FailureKind => Object.hasOwn(failureKinds, text);

/** A failure as plain data: what records, workflow results and views carry. */
export interface FailureFact {
  readonly kind: FailureKind;
  /** What happened, in one sentence, with the file or unit it happened to. */
  readonly what: string;
  /** The line that proves it: the last line of a log, a code, two numbers that differ. */
  readonly evidence?: string;
  /** What to do, when it is more precise than the kind's own advice. */
  readonly next?: string;
}

/**
 * The one error that TAAF throws on purpose. Its first cause is the headline; whatever follows is `cause`.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly evidence: string | undefined;
  readonly next: string;

  constructor(kind: FailureKind, what: string, detail: { evidence?: string; next?: string; cause?: unknown } = {}) {
    super(what, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.evidence = detail.evidence;
    this.next = detail.next ?? failureKinds[kind].next;
  }

  fact(): FailureFact {
    return {
      kind: this.kind,
      what: this.message,
      ...(this.evidence === undefined ? {} : { evidence: this.evidence }),
      next: this.next,
    };
  }
}

/** Any thrown value as a fact; what nobody classified is a bug, and says so. */
export function factOf(error: unknown): FailureFact {
  if (error instanceof Failure) return error.fact();
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const at = error instanceof Error ? error.stack?.split('\n')[1]?.trim() : undefined;
  return { kind: 'bug', what, ...(at === undefined ? {} : { evidence: at }) };
}
