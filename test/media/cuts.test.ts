import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutsOf } from '../../src/media/cuts.js';

const scenes = (length: number, ...at: number[]) => Array.from({ length }, (_, n) => (at.includes(n) ? 40 : 1));

describe('cuts', () => {
  it('lie at the scene change nearest to the wanted length', () => {
    expect(cutsOf(scenes(300, 80, 95, 130, 210), 100)).toEqual([
      { first: 0, frames: 95 },
      { first: 95, frames: 115 },
      { first: 210, frames: 90 },
    ]);
  });

  it('lie at the wanted length where no scene changes', () => {
    expect(cutsOf(scenes(260), 100).map(({ frames }) => frames)).toEqual([100, 100, 60]);
  });

  it('leave a short picture whole', () => {
    expect(cutsOf(scenes(150, 75), 100)).toEqual([{ first: 0, frames: 150 }]);
    expect(cutsOf(scenes(3), 100)).toEqual([{ first: 0, frames: 3 }]);
  });

  it('cover every frame once, in pieces of half to one and a half times the wanted length', () => {
    const scores = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 800 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 200 }), (all, wanted) => {
        const cuts = cutsOf(all, wanted);
        let next = 0;
        for (const { first, frames } of cuts) {
          expect(first).toBe(next);
          expect(frames).toBeLessThanOrEqual(Math.max(1, wanted * 1.5));
          if (cuts.length > 1) expect(frames).toBeGreaterThanOrEqual(wanted / 2);
          next += frames;
        }
        expect(next).toBe(all.length);
      }),
    );
  });
});
