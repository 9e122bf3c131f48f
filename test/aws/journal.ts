/** What happened in the double, in order: calls with their outcome, and effects. */

export interface JournalEvent {
  readonly kind: string;
  /** Milliseconds of the double's clock. */
  readonly time: number;
  readonly [detail: string]: unknown;
}

/** A call that a service has answered. */
export interface CallEvent extends JournalEvent {
  readonly kind: 'call';
  readonly service: string;
  readonly action: string;
  readonly caller: string;
  readonly input?: unknown;
  /** Error code of the answer; absent: it went well. */
  readonly code?: string;
  /** Whether the answer was lost on the way. */
  readonly dropped?: boolean;
}

export class Journal {
  readonly events: JournalEvent[] = [];

  add(time: number, event: { readonly kind: string } & Record<string, unknown>): void {
    this.events.push({ time, ...event });
  }

  /** Calls of an action, in order; those that went well when `applied`. */
  calls(action: string, { applied = false } = {}): CallEvent[] {
    return this.events.filter(
      (event): event is CallEvent =>
        event.kind === 'call' && event['action'] === action && (!applied || event['code'] === undefined),
    );
  }
}
