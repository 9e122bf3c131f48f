import { describe, expect, it } from 'vitest';
import { parseCadenceWord } from '../../src/cli/cadence-word.js';

describe('--set', () => {
  it.each([
    ['41:10-42:00=video', { from: 2470, to: 2520, kind: 'video' }],
    ['0-12.5=film', { from: 0, to: 12.5, kind: 'film' }],
    ['1:02:03.5-1:02:04=mixed', { from: 3723.5, to: 3724, kind: 'mixed' }],
  ])('reads %s', (text, word) => {
    expect(parseCadenceWord(text)).toEqual(word);
  });

  it.each(['', '41:10', '41:10-42:00', 'a-b=video', '42:00-41:10=video', '1-1=film', '1-2=flim', '-1-2=film'])(
    'refuses %j with the way to write it',
    (text) => {
      expect(() => parseCadenceWord(text)).toThrow(
        expect.objectContaining({ kind: 'usage', next: expect.stringMatching(/--set 41:10|film/) as string }) as Error,
      );
    },
  );
});
