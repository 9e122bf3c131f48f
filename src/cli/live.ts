/** Looks at a season again and again until it is settled: a picture that is redrawn on a terminal, a line per event elsewhere. */
import { pause } from '../process/pause.js';
import type { Context } from './context.js';
import { eventsBetween } from './events.js';
import { isSettled, waitsForHuman, type SeasonStatus } from './season-status.js';
import { closing, seasonView } from './views/season.js';

const LOOK_EVERY_MS = 1_000;

interface Screen {
  show(status: SeasonStatus): void;
  close(): void;
}

/** @returns the last status: settled, or what it was when Ctrl-C came */
export async function follow(context: Context, look: () => Promise<SeasonStatus>): Promise<SeasonStatus> {
  const screen = await screenOf(context);
  try {
    for (;;) {
      const status = await look();
      screen.show(status);
      if (isSettled(status) || context.signal.aborted) return status;
      await pause(LOOK_EVERY_MS, context.signal);
    }
  } finally {
    screen.close();
  }
}

/** A terminal that does not know its height (0 rows: containers, CI) cannot be redrawn. */
async function screenOf(context: Context): Promise<Screen> {
  const { stdout, isTerminal, json } = context;
  return isTerminal && !json && (stdout.rows ?? 0) > 0 ? drawing(context) : telling(context);
}

async function drawing({ stdout, look }: Context): Promise<Screen> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(stdout);
  return {
    // The width may change while we watch, and one row stays free for the cursor.
    show: (status) =>
      update(seasonView(status, { ...look, columns: stdout.columns ?? look.columns }, (stdout.rows ?? 24) - 1)),
    close: () => update.done(),
  };
}

function telling(context: Context): Screen {
  let before: SeasonStatus | undefined;
  return {
    show(status) {
      for (const event of eventsBetween(before, status)) context.emit(event);
      before = status;
    },
    close() {
      // A picture says it in its last line; a list of events would end without the next step.
      if (before && waitsForHuman(before)) for (const text of closing(before)) context.emit({ kind: 'note', text });
    },
  };
}
