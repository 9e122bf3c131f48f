/** Every duration that TAAF waits, in milliseconds, in one table; `TAAF_TIME_SCALE` divides them all (tests). */
export const durations = {
  /** An agent's progress object is rewritten this often. */
  beat: 3_000,
  /** The same where every request costs money and time: an object store in a cloud. */
  beatFar: 15_000,
  /** An agent's log lines go into the store this often, if there are any. */
  logs: 3_000,
  logsFar: 30_000,
  /** How often a machine asks its cloud whether it is to be taken back. */
  notice: 5_000,
  /** A leased machine ends itself when its agent has finished nothing for so long: at first, and at least. */
  patienceFirst: 3 * 3_600_000,
  patienceLeast: 3_600_000,
  /** A leased machine that is done ends itself after so long. */
  farewell: 60_000,
  /** A machine whose progress has not changed for so long is dead to its peers. */
  stale: 90_000,
  /** How often the home side looks into the store. */
  look: 2_000,
  /** The same where every look costs money and time: into a bucket, at a machine in a cloud. */
  lookFar: 15_000,
  /** How often a machine's state is asked for. */
  machineLook: 5_000,
  machineLookFar: 30_000,
  /** A machine that others wait for gives way after so long. */
  quantum: 10 * 60_000,
  /** Capacity asks so often whether the holders of its leases still exist. */
  leaseAudit: 5 * 60_000,
  /** An agent that works but finishes no frame for so long is stalled. */
  stall: 15 * 60_000,
  /** Topaz may fetch a model and build the GPU's engine of it for so long before the machine's first frame; half a minute is usual. */
  engineBuild: 20 * 60_000,
  /** Topaz tells within about a second whether it is signed in. */
  licenceProbe: 90_000,
  /** An episode that nobody works at is reported after so long, then after twice as long, and so on up to an hour. */
  unattended: 30_000,
  unattendedMost: 3_600_000,
  /** A step of a machine that takes longer is told to its season. */
  worthTelling: 5_000,
  /** Limits of one attempt of an activity: a short one, one that may sleep with the laptop, and the silence between its heartbeats. */
  quick: 60_000,
  long: 72 * 3_600_000,
  heartbeat: 60_000,
  retryFirst: 1_000,
  retryMost: 60_000,
  /** A fresh machine registers with SSM within so long, or never. */
  machineBoot: 15 * 60_000,
  /** A machine that was told to boot anew is back within so long. */
  reboot: 15 * 60_000,
  /** A command that was just sent may be unknown to SSM for so long, and takes at most so long beyond its own limits. */
  commandUnknown: 30_000,
  commandGrace: 60_000,
  /** Stopping an agent waits so long at most: its machine is ended next. */
  stopAgent: 30_000,
} as const;

export type DurationName = keyof typeof durations;

/** Limits end what hangs; however time is scaled, a slow computer gets so long. */
const LEAST_LIMIT = 10_000;
const limits: ReadonlySet<DurationName> = new Set([
  'quick',
  'long',
  'heartbeat',
  'stale',
  'stall',
  'machineBoot',
  'reboot',
  'commandUnknown',
  'commandGrace',
  'stopAgent',
  'engineBuild',
  'licenceProbe',
]);

/** A duration in milliseconds at the given scale. */
export const lasting = (name: DurationName, scale: number): number =>
  Math.max(limits.has(name) ? LEAST_LIMIT : 1, Math.round(durations[name] / scale));

/** The scale that an environment asks for: 1 unless `TAAF_TIME_SCALE` is a number above 0. */
export function timeScaleOf(env: Readonly<Record<string, string | undefined>>): number {
  const scale = Number(env['TAAF_TIME_SCALE']);
  return Number.isFinite(scale) && scale > 0 ? scale : 1;
}
