import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturally } from '../../src/intake/order.js';

const path = fc
  .array(fc.string({ unit: fc.constantFrom('e', 'E', '0', '1', '9', ' ', '.', 'ö', 'o\u0308', '日'), minLength: 1 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join('/'));

describe('natural order', () => {
  it('puts ep2 before ep10, and a folder’s files together', () => {
    const paths = ['s1 extras/a.mkv', 'ep10.mkv', 's1/ep2.mkv', 'ep2.mkv', 's1/ep10.mkv', 'Ep1.mkv'];
    expect(paths.sort(naturally)).toEqual([
      'Ep1.mkv',
      'ep2.mkv',
      'ep10.mkv',
      's1/ep2.mkv',
      's1/ep10.mkv',
      's1 extras/a.mkv',
    ]);
  });

  it('does not depend on the order in which the disk gives the names', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(path)
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect([...shuffled].sort(naturally)).toEqual([...all].sort(naturally));
        },
      ),
    );
  });

  it('tells every two names apart, the same from both sides', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(Math.sign(naturally(a, b))).toBe(-Math.sign(naturally(b, a)) || 0);
        expect(naturally(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it('is an order: what comes before a second and a second before a third', () => {
    fc.assert(
      fc.property(path, path, path, (a, b, c) => {
        fc.pre(naturally(a, b) < 0 && naturally(b, c) < 0);
        expect(naturally(a, c)).toBeLessThan(0);
      }),
    );
  });
});
