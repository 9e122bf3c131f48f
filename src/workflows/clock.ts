/** The one place where workflows read time: the SDK makes it the same at every replay. */

/** Milliseconds since the epoch. */
export const nowMs = (): number => Date.now();
