/** How long things of a machine in EC2 may take: milliseconds of AWS's own time. */
export const limits = {
  /** From the launch until the agent works; then the machine ends itself (its own timer, in the user data). */
  boot: 45 * 60_000,
  /** What the machine's own timer may be late. */
  bootGrace: 5 * 60_000,
  /** EC2 may hide a new machine: one that was not seen for so long after its request is not there. */
  absence: 2 * 60_000,
  /** An unanswered request older than this is not repeated: its deadline has aged. */
  stale: 3_600_000,
  /** A machine that is still `pending` after so long is left to the watch. */
  pending: 10 * 60_000,
  /** From the request to end a machine until it is gone; then it is told, and tried again. */
  end: 15 * 60_000,
} as const;

/** Milliseconds of this computer's time; `timeScale` divides them (tests). */
const waits = {
  /** Between two looks at a machine. */
  look: 5_000,
  /** The agent is asked to end for so long; then the machine ends under it. */
  stop: 20_000,
} as const;

export const waiting = (name: keyof typeof waits, timeScale: number): number =>
  Math.max(1, Math.round(waits[name] / timeScale));
