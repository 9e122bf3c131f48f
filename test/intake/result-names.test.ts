import { describe, expect, it } from 'vitest';
import type { Overrides } from '../../src/intake/choose-episodes.js';
import { outputOf, stemOf } from '../../src/intake/outputs.js';
import { resultNames, type Naming } from '../../src/intake/result-names.js';

const discs = ['disc1 t02', 'disc1 t03', 'disc2 t01'];

const names = (paths: readonly string[], naming: Naming = {}, overrides: Overrides = {}): Record<string, string> => {
  const found = paths.map((path) => ({ path, stem: stemOf(path), bytes: 1, modifiedMs: 0 }));
  return Object.fromEntries(resultNames(found, overrides, naming));
};

describe('the names of results', () => {
  it('follow from the names of files that say show, season and number; others keep their own', () => {
    expect(names(['s1/show.s01e03.The.End.mkv', 'pilot.mkv', 'Show - 103.mkv', 'S01E02.mkv'])).toEqual({
      's1/show.s01e03.The.End.mkv': 'show - S01E03 - The End',
    });
  });

  it('number titles by their order where taaf.yaml says show and season', () => {
    expect(names(discs)).toEqual({});
    expect(names(discs, { show: 'Voyager' })).toEqual({});
    expect(names([...discs, 'bonus.mkv', 'title_t00.mkv'], { show: 'Voyager', season: 2 })).toEqual({
      'disc1 t02': 'Voyager - S02E01',
      'disc1 t03': 'Voyager - S02E02',
      'disc2 t01': 'Voyager - S02E03',
      'title_t00.mkv': 'Voyager - S02E04',
    });
  });

  it('go by the list in taaf.yaml, and count on from it', () => {
    const overrides = {
      'disc1 t02': { number: [1, 2], title: 'Caretaker' },
      'disc1 t03': { skip: true },
      'disc2 t01': { title: 'Parallax: 2' },
    };
    expect(names([...discs, 'disc2 t02'], { show: 'Voyager', season: 1 }, overrides)).toEqual({
      'disc1 t02': 'Voyager - S01E01-E02 - Caretaker',
      'disc2 t01': 'Voyager - S01E03 - Parallax- 2',
      'disc2 t02': 'Voyager - S01E04',
    });
  });

  it('let taaf.yaml overrule what files are called', () => {
    const overrides = { 'x.s01e09.y': { number: 1 } };
    expect(
      names(['x.s01e09.y.mkv'], { show: 'X: Y/Z', season: 3, name: '{season}x{episode:00} {show}' }, overrides),
    ).toEqual({
      'x.s01e09.y.mkv': '3x01 X- Y-Z',
    });
  });

  it('fit into every file system', () => {
    const [name = ''] = Object.values(names(['a s01e01 b.mkv'], { show: '日本語'.repeat(60) }));
    const output = outputOf('box/a s01e01 b.mkv', name);
    expect(output).toMatch(/^box\/日本語.*\.mkv$/);
    expect(Buffer.byteLength(output.slice('box/'.length))).toBeLessThanOrEqual(255);
  });
});
