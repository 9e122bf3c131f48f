/** Samples of a season: how many of each episode, how long, and where they lie. Pure. */

export interface SampleWish {
  readonly count: number;
  readonly seconds: number;
}

/** `3x60s`: three samples of a minute each; `undefined` for anything else. */
export function sampleWish(text: string): SampleWish | undefined {
  const [, count, seconds] = /^([1-9]\d?)x([1-9]\d{0,3})s$/.exec(text) ?? [];
  return count === undefined ? undefined : { count: Number(count), seconds: Number(seconds) };
}

/** Where the samples of an episode begin, in seconds: spread evenly, away from both ends; an episode that is too short has one, from its start. */
export function sampleTimes(durationSeconds: number, { count, seconds }: SampleWish): number[] {
  if (durationSeconds <= count * seconds) return [0];
  return Array.from({ length: count }, (_, n) => (durationSeconds * (n + 1)) / (count + 1) - seconds / 2).map((at) =>
    Math.max(0, at),
  );
}
