import { describe, expect, it } from 'vitest';
import { sampleTimes, sampleWish } from '../../src/domain/samples.js';

describe('samples of an episode', () => {
  it('are so many and so long as is said, or nothing is', () => {
    expect(sampleWish('3x60s')).toEqual({ count: 3, seconds: 60 });
    for (const text of ['3x60', 'x60s', '0x60s', '3x0s', '3 x 60s', '300x60s'])
      expect(sampleWish(text)).toBeUndefined();
  });

  it('are spread over the episode, away from both ends, and never reach beyond it', () => {
    expect(sampleTimes(2700, { count: 2, seconds: 60 })).toEqual([870, 1770]);
    const times = sampleTimes(200, { count: 3, seconds: 60 });
    for (const at of times) expect(at + 60).toBeLessThanOrEqual(200);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
  });

  it('are one, from the start, where the episode is shorter than all of them', () => {
    expect(sampleTimes(100, { count: 3, seconds: 60 })).toEqual([0]);
  });
});
