import { describe, expect, it } from 'vitest';
import { cloudMachine, costOf } from '../../src/intake/cloud.js';
import type { SeasonEstimate } from '../../src/intake/estimate.js';

const HOUR = 3600;

/** A season of episodes that take so many hours each. */
const season = (...hours: number[]): SeasonEstimate => ({
  episodes: hours.map((length, index) => ({
    id: `e0${index + 1}-aa`,
    seconds: length * HOUR,
    stages: { restore: 0, engine: length * HOUR, encode: 0 },
    workBytes: 0,
    resultBytes: 10e9,
    measured: false,
  })),
  seconds: Math.max(...hours) * HOUR,
  longestSeconds: Math.max(...hours) * HOUR,
  finishAt: 0,
  peakWorkBytes: 0,
  resultBytes: hours.length * 10e9,
  limit: 'engine',
  measured: false,
});

describe('the cost of a season on leased machines', () => {
  const placement = { type: 'g6.2xlarge', market: 'on-demand', usdPerHour: 1.346 } as const;

  it('counts every machine’s hours, getting ready once a machine, disks and the way home', () => {
    const cost = costOf(season(3, 3), placement, { machines: 2, volumeGiB: 730 });
    expect(cost.machineHours).toBeCloseTo(6.5);
    expect(cost.usd).toBeCloseTo(6.5 * 1.346 + 6.5 * 0.08 + 20 * 0.09);
  });

  it('gets fewer machines ready where there are fewer than episodes, and no more than there are episodes', () => {
    expect(costOf(season(3, 3, 3), placement, { machines: 1, volumeGiB: 0 }).machineHours).toBeCloseTo(9.25);
    expect(costOf(season(3), placement, { machines: 9, volumeGiB: 0 }).machineHours).toBeCloseTo(3.25);
  });

  it('is unknown, never zero, where no price is known', () => {
    const cost = costOf(season(3), { type: 'g9.huge', market: 'spot' }, { machines: 1, volumeGiB: 200 });
    expect(cost.usd).toBeUndefined();
    expect(cost.machineHours).toBeCloseTo(3.25);
  });
});

describe('a machine of a cloud', () => {
  it('is named by its type, and its GPU’s speed is against an L4', () => {
    expect(cloudMachine('g6.2xlarge', 8)).toMatchObject({ name: 'g6.2xlarge', cores: 8, gpu: 'L4', speed: 1 });
    expect(cloudMachine('g4dn.xlarge', 4).speed).toBeLessThan(1);
    expect(cloudMachine('c7i.large', 2)).toEqual({ name: 'c7i.large', cores: 2 });
  });
});
