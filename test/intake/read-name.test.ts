import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamedByTitle, readName } from '../../src/intake/read-name.js';

describe('a name', () => {
  it.each([
    ['Example Show - S01E01 - Bunny', ['Example Show', 1, [1], 'Bunny']],
    ['show.s01e03', ['show', 1, [3], '']],
    ['Star.Trek.Voyager.S01E01-E02.Caretaker.720p.DVDRip.x264-GRP', ['Star Trek Voyager', 1, [1, 2], 'Caretaker']],
    ['Show - s01e01e02e03 - Three', ['Show', 1, [1, 2, 3], 'Three']],
    ['Show S01E03-04', ['Show', 1, [3, 4], '']],
    ['Show 1x03 Name', ['Show', 1, [3], 'Name']],
    ['Show - [01x04] - Name', ['Show', 1, [4], 'Name']],
    ['Show 2005 2x03x04', ['Show 2005', 2, [3, 4], '']],
    ['The 100 - S02E10', ['The 100', 2, [10], '']],
    ['Käpt’n Blaubär S02E05', ['Käpt’n Blaubär', 2, [5], '']],
    ['Dr. Who (2005) - S00E01 - A. B. C. [DVDRip]', ['Dr. Who (2005)', 0, [1], 'A. B. C.']],
    ['Show.S01E05.The.DVD.Episode.x264-GRP', ['Show', 1, [5], 'The DVD Episode']],
    ['Show - Season 1 Episode 4 - Name', ['Show', 1, [4], '']],
    ['2x05.Title', ['', 2, [5], 'Title']],
  ] as const)('is read: %s', (stem, [show, season, episodes, title]) => {
    expect(readName(stem)).toEqual({ show, season, episodes, title });
  });

  it.each([
    'Show - 103',
    'Channel.102',
    '03 - Name',
    '1920x1080 Show',
    'Show 640x480',
    'Show S1',
    'Season 2 Bonus',
    'ep10',
  ])('is not guessed at: %s', (stem) => {
    expect(readName(stem)).toBeUndefined();
  });

  it.each(['title_t03', 'B1_t03', 'disc1 t03', 'Voyager S1 D2-t00', 'VTS_01', 'VTS_01_1'])(
    'tells only the place on its disc: %s',
    (stem) => {
      expect(isNamedByTitle(stem)).toBe(true);
      expect(readName(stem)).toBeUndefined();
    },
  );

  it('may be anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('s', 'E', 'x', '1', '0', '.', ' ', '-', '_', '['), maxLength: 40 }),
        (stem) => {
          const read = readName(stem);
          expect(read?.episodes.length).not.toBe(0);
        },
      ),
    );
  });
});
