import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failures.js';
import { chooseEpisodes } from '../../src/intake/choose-episodes.js';
import { stemOf } from '../../src/intake/outputs.js';
import { checkSelection, parseSelection, selects } from '../../src/intake/selection.js';

const range = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.nat(50))
  .map(([from, more]) => [from, from + more] as const);

describe('--episodes', () => {
  it('selects exactly the numbers that its ranges hold', () => {
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 600 }),
        (ranges, number) => {
          const text = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
          const wanted = ranges.some(([from, to]) => number >= from && number <= to);
          expect(selects(parseSelection(text), number)).toBe(wanted);
        },
      ),
    );
  });

  it('reads anything or fails as wrong usage', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('1', '9', '-', ',', ' ', 'x'), maxLength: 12 }), (text) => {
        try {
          for (const [from, to] of parseSelection(text)) expect(from >= 1 && to >= from).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(error).toMatchObject({ kind: 'usage' });
        }
      }),
    );
  });

  it.each(['', '0', '4-1', '1-', '-3', '1,,2', 'a', '1.5', '1-2-3', '9999999', '1 2'])('refuses %j', (text) => {
    expect(() => parseSelection(text)).toThrow(Failure);
  });

  it('refuses a number beyond the last video', () => {
    expect(() => checkSelection(parseSelection('1-27'), 26)).toThrow('There is no episode 27');
    expect(() => checkSelection(parseSelection('1-26'), 26)).not.toThrow();
  });
});

describe('the choice of episodes', () => {
  const found = ['a.mkv', 'b.avi', 's2/a.mkv'].map((path) => ({ path, stem: stemOf(path), bytes: 1, modifiedMs: 0 }));
  const pick = (...args: [string | undefined, Parameters<typeof chooseEpisodes>[2]]) => {
    const { wanted, left } = chooseEpisodes(found, ...args);
    return { numbers: wanted.map(({ number }) => number), left };
  };

  it('takes all, and keeps the numbers of the others when one is left out', () => {
    expect(pick(undefined, {})).toEqual({ numbers: [1, 2, 3], left: [] });
    expect(pick(undefined, { b: { skip: true } })).toEqual({
      numbers: [1, 3],
      left: [{ path: 'b.avi', reason: 'skip: true in taaf.yaml' }],
    });
    expect(pick('2-3', {})).toEqual({ numbers: [2, 3], left: [{ path: 'a.mkv', reason: 'not among --episodes 2-3' }] });
  });

  it('takes a path for one of two files of the same name, and the name for both', () => {
    expect(pick(undefined, { 's2/a': { skip: true } }).numbers).toEqual([1, 2]);
    expect(pick(undefined, { a: { skip: true } }).numbers).toEqual([2]);
    expect(pick(undefined, { a: { skip: true }, 's2/a': { skip: false } }).numbers).toEqual([2, 3]);
  });

  it('refuses a name in taaf.yaml that no file has, with the near miss', () => {
    expect(() => pick(undefined, { 's2/b': { skip: true } })).toThrow('did you mean "s2/a"?');
  });
});
