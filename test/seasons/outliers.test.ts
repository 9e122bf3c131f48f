import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/season.js';
import { sizeOutliers } from '../../src/seasons/outliers.js';

const delivery = (episode: string, bytes: number, frames = 1000): Delivery => ({
  ...{ episode, recipe: 'r-0', output: `/out/${episode}.mkv`, sha256: 'ab', durationSeconds: 40, deliveredAt: 0 },
  ...{ bytes, frames },
});

describe('the sizes of a season’s results', () => {
  it('name an episode that is far larger, and one that is far smaller, by the frame', () => {
    const season = [100, 110, 90, 250, 40, 105].map((bytes, i) => delivery(`e0${i + 1}`, bytes * 1000));
    expect(sizeOutliers(season)).toEqual([
      { episode: 'e04', bytesPerFrame: 250, usual: 100 },
      { episode: 'e05', bytesPerFrame: 40, usual: 105 },
    ]);
  });

  it('say nothing of an episode that is twice as long', () => {
    const season = [delivery('e01', 3e5, 3000), ...['e02', 'e03', 'e04'].map((id) => delivery(id, 1e5))];
    expect(sizeOutliers(season)).toEqual([]);
  });

  it('say nothing where there are too few to know what is usual', () => {
    expect(sizeOutliers([delivery('e01', 1e5), delivery('e02', 1e5), delivery('e03', 9e5)])).toEqual([]);
  });
});
