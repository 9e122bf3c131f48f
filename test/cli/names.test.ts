import { describe, expect, it } from 'vitest';
import { episodeNamed, fullName, seasonNamed, seasonOrEpisodeNamed, type NamedSeason } from '../../src/cli/names.js';
import { Failure } from '../../src/domain/failures.js';

const seasonOf = (id: string, stems: readonly string[], open = true): NamedSeason => ({
  id,
  title: id.replace(/-[0-9a-f]{8}$/, ''),
  folder: `/videos/${id.replace(/-[0-9a-f]{8}$/, '')}`,
  open,
  episodes: stems.map((stem, i) => ({ id: `e0${i + 1}-0000000${i}`, number: i + 1, stem, path: `disc1/${stem}.mkv` })),
});
const voyager = seasonOf('voyager-s1-9f86d081', ['title_t00', 'title_t01', 'Café']);
const futurama = seasonOf('futurama-11111111', ['title_t00', '3'], false);
const voyagerAgain = seasonOf('voyager-s2-22222222', ['title_t05']);
const all = [voyager, futurama, voyagerAgain];
const cwd = '/videos';

const failureOf = (act: () => unknown): Failure => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

describe('the name of a season', () => {
  it.each(['voyager-s1-9f86d081', 'voyager-s1', './voyager-s1', '/videos/voyager-s1/', 'voyager-s1-9'])(
    'may be %s',
    (text) => expect(seasonNamed(text, all, cwd)).toBe(voyager),
  );

  it('lists the candidates of an ambiguous beginning', () => {
    const failure = failureOf(() => seasonNamed('voyager', all, cwd));
    expect(failure.kind).toBe('usage');
    expect(failure.message).toContain('voyager-s1-9f86d081, voyager-s2-22222222');
  });

  it('is not needed where one season is open, or none: then it is the newest', () => {
    expect(seasonNamed(undefined, [voyager, futurama], cwd)).toBe(voyager);
    const over = { ...voyager, open: false };
    expect(seasonNamed(undefined, [futurama, over], cwd)).toBe(futurama);
  });

  it('is asked for where several are open', () => {
    expect(failureOf(() => seasonNamed(undefined, all, cwd)).message).toContain('2 open ones');
    expect(failureOf(() => seasonNamed(undefined, [], cwd)).next).toContain('taaf submit');
  });

  it('is suggested when it was mistyped', () => {
    expect(failureOf(() => seasonNamed('futurama-11111112', all, cwd)).next).toBe('Did you mean futurama-11111111?');
  });
});

describe('the name of an episode', () => {
  it.each([
    'title_t01',
    '2',
    '02',
    'e02',
    'e02-00000001',
    'title_t01.mkv',
    'disc1/title_t01.mkv',
    'voyager-s1/title_t01',
    './voyager-s1/2',
  ])('may be %s', (text) => {
    const found = episodeNamed(text, [voyager, futurama], cwd);
    expect(fullName(found)).toBe('voyager-s1-9f86d081/title_t01');
  });

  it('prefers open seasons', () => {
    expect(episodeNamed('title_t00', [voyager, futurama], cwd).season).toBe(voyager);
    expect(episodeNamed('futurama/title_t00', [voyager, futurama], cwd).season).toBe(futurama);
  });

  it('prefers a name to a number', () => {
    expect(episodeNamed('3', [futurama], cwd).episode.number).toBe(2);
  });

  it('is the same composed and decomposed', () => {
    expect(episodeNamed('Cafe\u0301', [voyager], cwd).episode.stem).toBe('Café');
  });

  it('lists the candidates when several open seasons have it', () => {
    const failure = failureOf(() => episodeNamed('1', all, cwd));
    expect(failure.message).toContain('voyager-s1-9f86d081/title_t00, voyager-s2-22222222/title_t05');
  });

  it('may begin with a dash, which the command line turned into a path', () => {
    const dashed = seasonOf('x-00000000', ['-pilot']);
    expect(episodeNamed('./-pilot', [dashed], cwd).episode.stem).toBe('-pilot');
  });

  it('is suggested when it was mistyped', () => {
    expect(failureOf(() => episodeNamed('titel_t05', [voyagerAgain], cwd)).next).toBe('Did you mean title_t05?');
  });
});

describe('the name of a season or an episode', () => {
  it('is refused when it means both', () => {
    const both = {
      ...voyager,
      episodes: [...voyager.episodes, { id: 'e09-00000009', number: 9, stem: 'futurama', path: 'f' }],
    };
    const failure = failureOf(() => seasonOrEpisodeNamed('futurama', [both, futurama], cwd));
    expect(failure.message).toContain('futurama-11111111, voyager-s1-9f86d081/futurama');
  });

  it('finds either', () => {
    expect(seasonOrEpisodeNamed('futurama', all, cwd)).toBe(futurama);
    expect(seasonOrEpisodeNamed('Café', all, cwd)).toMatchObject({ season: voyager });
  });
});
