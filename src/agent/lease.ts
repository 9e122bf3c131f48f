/**
 * A leased machine ends itself. Its system has a shutdown pending from the first minute on; the agent moves that on when a unit is finished,
 * and never without setting it anew. What nobody moves is the deadline, which is a timer of its own (see the fleet's user data).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import type { AgentSettings } from '../domain/agent.js';
import { durations } from '../domain/durations.js';
import { factOf } from '../domain/failures.js';
import { shutdownIn } from '../process/shutdown.js';
import { afterUnit, duringUnit, firstPatience, type FramesAt, type Patience } from './patience.js';

export interface Lease {
  /** A unit is begun. */
  begin(): void;
  /** Frames of the unit so far, and in all (0 where that is not known). */
  report(frames: number, total: number): void;
  /** The unit is finished; one that failed is not. */
  finish(): Promise<void>;
  /** Nothing is left to do here: the machine ends itself soon. */
  end(): Promise<void>;
}

export interface LeaseOptions {
  readonly settings: AgentSettings;
  readonly log: (line: string, facts?: object) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** A computer that is nobody's lease is left alone. */
const none: Lease = { begin: () => undefined, report: () => undefined, finish: async () => {}, end: async () => {} };

/** A moved end is set anew only where it moves by so much. */
const STEP_MS = 5 * 60_000;

/** Sets the machine's end: at the agent's first start to the first patience, at any later start to what it was. */
export async function openLease({ settings, log, now = Date.now }: LeaseOptions): Promise<Lease> {
  const { lease, scratch, timeScale: scale } = settings;
  if (!lease) return none;
  const file = join(scratch, 'lease.json');
  let patience = (await readPatience(file)) ?? firstPatience(now(), scale);
  let began = now();
  let first: FramesAt | undefined;
  let set = 0;
  let setting: Promise<void> = Promise.resolve();

  /** One after the other; a system that refuses keeps the end that it has, and the next unit tries again. */
  const setEnd = (until: number): Promise<void> => {
    set = until;
    setting = setting.then(async () => {
      try {
        await shutdownIn((Math.max(0, Math.min(until, lease.endsAt) - now()) * scale) / 1000);
      } catch (error) {
        log('the machine’s end could not be set', factOf(error));
      }
    });
    return setting;
  };
  const become = async (next: Patience): Promise<void> => {
    patience = next;
    await setEnd(patience.until);
    // Unwritten, as on a full disk, it is what was written before: an earlier end.
    await writeDurably(file, JSON.stringify(patience)).catch((error: unknown) =>
      log('the machine’s end could not be noted', factOf(error)),
    );
  };

  await become(patience);
  return {
    begin() {
      began = now();
      first = undefined;
    },
    report(frames, total) {
      const last = { frames, total, at: now() };
      if (frames > 0) first ??= last;
      if (!first) return;
      patience = duringUnit(patience, first, last);
      if (patience.until > set + STEP_MS / scale) void setEnd(patience.until);
    },
    finish: () => become(afterUnit(patience, now() - began, now(), scale)),
    end: () => setEnd(now() + durations.farewell / scale),
  };
}

async function readPatience(file: string): Promise<Patience | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : (JSON.parse(text) as Patience);
}
