import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/season.js';
import { rateOutliers } from '../../src/seasons/outliers.js';

const delivery = (episode: string, bytes: number, frames = 1000, durationSeconds = 40): Delivery => ({
  ...{ episode, recipe: 'r-0', output: `/out/${episode}.mkv`, sha256: 'ab', deliveredAt: 0 },
  ...{ bytes, frames, durationSeconds },
});

describe('the rates of a season’s results', () => {
  it('name an episode that is far larger, and one that is far smaller, for its length', () => {
    const season = [100, 110, 90, 250, 40, 105].map((bytes, i) => delivery(`e0${i + 1}`, bytes * 40));
    expect(rateOutliers(season)).toEqual([
      { episode: 'e04', bytesPerSecond: 250, usual: 100 },
      { episode: 'e05', bytesPerSecond: 40, usual: 105 },
    ]);
  });

  it('say nothing of an episode that is twice as long', () => {
    const season = [delivery('e01', 3e5, 3000, 120), ...['e02', 'e03', 'e04'].map((id) => delivery(id, 1e5))];
    expect(rateOutliers(season)).toEqual([]);
  });

  it('say nothing of video among film, whose frames are twice as many and half as large', () => {
    const season = [delivery('e01', 1e5, 2500), ...['e02', 'e03', 'e04'].map((id) => delivery(id, 1e5))];
    expect(rateOutliers(season)).toEqual([]);
    expect(rateOutliers([delivery('e01', 2.2e5, 2500), ...season.slice(1)])).toEqual([]);
    expect(rateOutliers([delivery('e01', 6e5, 2500), ...season.slice(1)])).toHaveLength(1);
  });

  it('say nothing where there are too few to know what is usual', () => {
    expect(rateOutliers([delivery('e01', 1e5), delivery('e02', 1e5), delivery('e03', 9e5)])).toEqual([]);
  });
});
