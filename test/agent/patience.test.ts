/** When a leased machine gives up on itself (E43, E46 of docs/aws-faults.md). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterUnit, duringUnit, firstPatience, type FramesAt } from '../../src/agent/patience.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (frames: number, minutes: number, total = 1440): FramesAt => ({ frames, total, at: minutes * MINUTE });

describe('the patience of a leased machine', () => {
  it('is long at first, and follows the longest unit later', () => {
    const first = firstPatience(0, 1);
    expect(first.until).toBe(3 * HOUR);
    const short = afterUnit(first, 2 * MINUTE, 10 * MINUTE, 1);
    expect(short.until).toBe(10 * MINUTE + HOUR);
    const long = afterUnit(short, 40 * MINUTE, HOUR, 1);
    expect(long.until).toBe(HOUR + 200 * MINUTE);
    expect(afterUnit(long, MINUTE, 2 * HOUR, 1).until).toBe(2 * HOUR + 200 * MINUTE);
  });

  it('lets a slow unit end whose frames come, whatever the first of them took', () => {
    const patience = firstPatience(0, 1);
    const first = at(1, 30);
    expect(duringUnit(patience, first, at(2, 40))).toEqual(patience);
    // A frame a minute: 24 hours in all, of which 22 are left.
    expect(duringUnit(patience, first, at(121, 150)).until).toBe(150 * MINUTE + 5 * 1319 * MINUTE);
  });

  it('gives nothing to a unit at a stand, or to one whose frames nobody counts', () => {
    const patience = { until: 2 * HOUR, longest: MINUTE };
    expect(duringUnit(patience, at(700, 10), at(700, 100))).toEqual(patience);
    expect(duringUnit(patience, at(10, 1, 0), at(90_000, 100, 0))).toEqual(patience);
  });

  it('never ends a machine whose units take up to five times as long as the longest before', () => {
    const units = fc.array(fc.integer({ min: 1, max: 20 * 60 }), { minLength: 1, maxLength: 30 });
    const check = (minutes: readonly number[]): void => {
      let patience = firstPatience(0, 1);
      let now = 0;
      for (const took of minutes) {
        const allowed = Math.max(patience.longest * 5, HOUR);
        const spent = Math.min(took * MINUTE, allowed - 1);
        expect(now + spent).toBeLessThan(patience.until);
        now += spent;
        patience = afterUnit(patience, spent, now, 1);
      }
    };
    fc.assert(fc.property(units, check));
  });
});
