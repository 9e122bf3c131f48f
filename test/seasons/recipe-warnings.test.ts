import { describe, expect, it } from 'vitest';
import type { EpisodePlan, SeasonPlan } from '../../src/domain/season.js';
import { recipeWarnings } from '../../src/seasons/recipe-warnings.js';
import { planOf } from '../cli/plans.js';
import { lockAs } from './locks.js';

const plan = planOf('voyager-s1-9f86d081', ['E01', 'E02', 'E03']);
const locks = plan.episodes.map((episode) => lockAs(plan, episode));

const changed = (numbers: readonly number[], change: (episode: EpisodePlan) => Partial<EpisodePlan>): SeasonPlan => ({
  ...plan,
  episodes: plan.episodes.map((episode) =>
    numbers.includes(episode.number) ? { ...episode, ...change(episode) } : episode,
  ),
});
const softer = ({ profile }: EpisodePlan) => ({ profile: { ...profile, encode: { ...profile.encode, quality: 30 } } });
const only = (numbers: readonly number[], of: SeasonPlan): SeasonPlan => ({
  ...of,
  episodes: of.episodes.filter(({ number }) => numbers.includes(number)),
});

describe('what a plan changes about results that lie there', () => {
  it('is nothing where nothing lies there, or all lies there as planned', () => {
    expect(recipeWarnings(changed([2], softer), [])).toEqual([]);
    expect(recipeWarnings(plan, locks)).toEqual([]);
  });

  it('is said of a new episode with another profile than its neighbours', () => {
    expect(recipeWarnings(changed([3], softer), locks.slice(0, 2))).toEqual([
      'E03 would differ from 2 results that lie there: encode.quality 30 instead of 20',
    ]);
  });

  it('is said of one that would be made again, and would differ then', () => {
    expect(recipeWarnings(changed([2], softer), locks)).toEqual([
      'E02 would be made again: encode.quality 30 instead of 20. What lies there is kept in .taaf/replaced',
      'E02 would differ from 2 results that lie there: encode.quality 30 instead of 20',
    ]);
  });

  it('is no difference among neighbours when the whole season is made again', () => {
    expect(recipeWarnings(changed([1, 2, 3], softer), locks)).toEqual([
      'E01 and 2 more would be made again: encode.quality 30 instead of 20. What lies there is kept in .taaf/replaced',
    ]);
  });

  it('is told of other versions of programs', () => {
    const newer = only([3], { ...plan, tools: { ffmpeg: '9.1' } });
    expect(recipeWarnings(newer, locks.slice(0, 2))).toEqual([
      'E03 would differ from 2 results that lie there: ffmpeg 9.1 instead of 9.0.2',
    ]);
  });

  it('is told of another model under the same name, and of no model of another episode', () => {
    const upscale = { engine: 'onnx', model: 'live', strength: 1, grain: 0 } as const;
    const withModel = (sha: string): SeasonPlan => ({
      ...changed([2, 3], ({ profile }) => ({ profile: { ...profile, upscale } })),
      tools: { ffmpeg: '9.0.2', 'model live': sha.repeat(64) },
    });
    const made = withModel('a').episodes.map((episode) => lockAs(withModel('a'), episode));
    expect(recipeWarnings(only([1, 3], withModel('b')), made)).toEqual([
      `E03 would be made again: model live ${'b'.repeat(12)}… instead of ${'a'.repeat(12)}…. What lies there is kept in .taaf/replaced`,
      expect.stringContaining('E03 would differ from the result that lies there: ') as string,
    ]);
  });

  it('is no difference among neighbours when only the cadence is another', () => {
    const video = ({ cadence }: EpisodePlan) => ({ cadence: { ...cadence, cadence: 'interlaced' as const } });
    expect(recipeWarnings(changed([2], video), locks)).toEqual([
      'E02 would be made again: another cadence. What lies there is kept in .taaf/replaced',
    ]);
  });
});
