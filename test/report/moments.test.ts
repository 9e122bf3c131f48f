import { describe, expect, it } from 'vitest';
import { GRAY_HEIGHT, GRAY_WIDTH, type Gray } from '../../src/report/gray.js';
import { bestMatch, complexityOf } from '../../src/report/measure.js';
import { chooseMoments, placesOf, type Place } from '../../src/report/moments.js';

const place = (seconds: number, more: Partial<Place> = {}): Place => ({
  seconds,
  brightness: 120,
  motion: 1,
  detail: 5,
  ...more,
});

/** A picture by a brightness for each pixel. */
const picture = (at: (x: number, y: number) => number): Gray =>
  Uint8Array.from({ length: GRAY_WIDTH * GRAY_HEIGHT }, (_, i) => at(i % GRAY_WIDTH, Math.floor(i / GRAY_WIDTH)));

const square = (left: number, background = 40): Gray => picture((x) => (x >= left && x < left + 20 ? 200 : background));

describe('places', () => {
  it('are never in the first or last twentieth', () => {
    const seconds = placesOf(1000, 16);
    expect(seconds).toHaveLength(16);
    expect(Math.min(...seconds)).toBeGreaterThan(50);
    expect(Math.max(...seconds)).toBeLessThan(950);
  });
});

describe('moments', () => {
  it('are those of most motion, least light and finest detail, in the order of time', () => {
    const places = [
      ...[place(1), place(2, { detail: 30 }), place(3), place(4)],
      ...[place(5, { brightness: 30 }), place(6), place(7), place(8, { motion: 9 }), place(9)],
    ];
    expect(chooseMoments(places, 3)).toEqual([
      { seconds: 2, reason: 'detail' },
      { seconds: 5, reason: 'dark' },
      { seconds: 8, reason: 'motion' },
    ]);
  });

  it('are not black ones and not plain ones, unless there are no others', () => {
    const black = place(1, { brightness: 16, motion: 50, detail: 9 });
    const plain = place(2, { detail: 0.1, motion: 50, brightness: 25 });
    expect(chooseMoments([black, plain, place(3)], 3)).toEqual([{ seconds: 3, reason: 'motion' }]);
    expect(chooseMoments([black], 3)).toEqual([{ seconds: 1, reason: 'motion' }]);
  });

  it('are apart from each other where there is room', () => {
    const places = Array.from({ length: 20 }, (_, i) => place(i, { motion: 20 - Math.abs(10 - i) }));
    const seconds = chooseMoments(places, 2).map((moment) => moment.seconds);
    expect(Math.abs((seconds[1] ?? 0) - (seconds[0] ?? 0))).toBeGreaterThan(1);
  });

  it('are each another place, and as many as there are', () => {
    const found = chooseMoments([place(1), place(2)], 5);
    expect(found.map(({ seconds }) => seconds)).toEqual([1, 2]);
  });
});

describe('what happens in frames', () => {
  it('is motion where something moves, and none at a single cut', () => {
    const moving = complexityOf([square(10), square(20), square(30), square(40)]);
    const still = complexityOf([square(10), square(10), square(10), square(10)]);
    const cut = complexityOf([square(10), square(10), square(120, 220), square(120, 220)]);
    expect(moving.motion).toBeGreaterThan(5);
    expect([still.motion, cut.motion]).toEqual([0, 0]);
  });

  it('is detail by what is beside each other, whatever the brightness', () => {
    const fine = complexityOf([picture((x) => (x % 2) * 60)]);
    const coarse = complexityOf([square(10)]);
    expect(fine.detail).toBeGreaterThan(10 * coarse.detail);
  });
});

describe('the same frame', () => {
  it('is found although one side is brighter', () => {
    const before = [10, 20, 30, 40].map((left) => square(left));
    const after = [25, 30].map((left) => square(left, 80));
    expect(bestMatch(before, after)).toMatchObject({ before: 2, after: 1 });
  });

  it('is not the one that mixes two frames', () => {
    const [one, other] = [square(10), square(50)];
    const mixed = picture((x, y) => (y % 2 ? one : other)[x] ?? 0);
    expect(bestMatch([mixed, other], [other])).toMatchObject({ before: 1 });
  });

  it('is none where a side has no frames', () => {
    expect(bestMatch([], [square(1)])).toBeUndefined();
  });
});
