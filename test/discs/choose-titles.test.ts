import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonsAgainst, type Choosable } from '../../src/discs/choose-titles.js';

/** A title of cells `vob` of so many minutes each. */
const title = (number: number, ...cells: readonly (readonly [vob: number, minutes: number])[]): Choosable => ({
  number,
  set: 1,
  cells: cells.map(([vob, minutes]) => ({ vob, id: 1, seconds: minutes * 60, first: 0, last: 0 })),
  seconds: cells.reduce((sum, [, minutes]) => sum + minutes * 60, 0),
});

/** Number → reason, for one disc. */
const reasons = (...titles: readonly Choosable[]): Record<number, string> =>
  Object.fromEntries(
    [...reasonsAgainst(titles.map((one) => ({ disc: 'a', title: one })))].map(([{ number }, reason]) => [
      number,
      reason,
    ]),
  );

const episodes = [title(2, [1, 45]), title(3, [2, 44]), title(4, [3, 46]), title(5, [4, 45])];

describe('the choice of titles', () => {
  it('takes episodes, whatever else there is', () => {
    expect(
      reasons(
        title(1, [1, 45], [2, 44], [3, 46], [4, 45]),
        ...episodes,
        title(6, [5, 12]),
        title(7, [6, 3]),
        title(8, [2, 44]),
        title(9, [7, 0.1]),
      ),
    ).toEqual({
      1: 'plays titles 2, 3, 4 and 5',
      6: 'an extra of 12:00',
      7: 'an extra of 3:00',
      8: 'plays the same as title 3',
      9: 'an extra of 0:06',
    });
  });

  it('knows a title that plays all without the openings of its episodes', () => {
    const opening = (vob: number): readonly [number, number] => [100 + vob, 2];
    const whole = [2, 3].map((number) => title(number, opening(number), [number, 43]));
    expect(reasons(title(1, opening(2), [2, 43], [3, 43]), ...whole)).toEqual({ 1: 'plays titles 2 and 3' });
  });

  it('takes a pilot of double length, and a disc with one film', () => {
    expect(reasons(title(1, [9, 90]), ...episodes)).toEqual({});
    expect(reasons(title(1, [1, 100]), title(2, [2, 20]))).toEqual({ 2: 'an extra of 20:00' });
  });

  it('does not hold an episode in two versions for a title that plays all', () => {
    expect(reasons(title(1, [1, 45], [2, 2]), title(2, [1, 45]))).toEqual({});
  });

  it('goes by the usual length of the season: a disc of extras has no episode', () => {
    const extras = [title(1, [1, 20]), title(2, [2, 15])];
    const all = [
      ...episodes.map((one) => ({ disc: 'a', title: one })),
      ...extras.map((one) => ({ disc: 'b', title: one })),
    ];
    expect([...reasonsAgainst(all).keys()]).toEqual(extras);
  });

  it('compares cells within a disc only', () => {
    const all = ['a', 'b'].flatMap((disc) => [2, 3].map((vob) => ({ disc, title: title(vob, [vob, 45]) })));
    expect(reasonsAgainst(all).size).toBe(0);
  });

  it('always leaves the longest distinct length of film in', () => {
    const cells = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 8 }), (all) => {
        const titles = all.map((one, i) => title(i + 1, ...one));
        expect(Object.keys(reasons(...titles)).length).toBeLessThan(titles.length);
      }),
    );
  });
});
