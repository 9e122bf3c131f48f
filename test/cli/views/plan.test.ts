import { describe, expect, it } from 'vitest';
import { planView, type PlanReport } from '../../../src/cli/views/plan.js';
import { widthOf } from '../../../src/cli/views/text.js';
import type { SeasonEstimate } from '../../../src/intake/estimate.js';
import { planOf } from '../plans.js';
import { plainLook } from '../seasons.js';

const plan = planOf('voyager-s1-9f86d081', ['title_t00', 'title_t01'], {
  skipped: [
    { path: 'extras/trailer.mkv', reason: 'a sample: much shorter than the others' },
    { path: 'a\nb.txt', reason: 'not a video (.txt)' },
  ],
});
const estimate: SeasonEstimate = {
  episodes: plan.episodes.map(({ id }) => ({
    id,
    seconds: 12_000,
    stages: { restore: 600, engine: 400, encode: 11_000 },
    workBytes: 17.4e9,
    resultBytes: 9.1e9,
    measured: true,
  })),
  seconds: 24_000,
  longestSeconds: 12_000,
  finishAt: new Date(2026, 0, 6, 14, 5).getTime(),
  peakWorkBytes: 36e9,
  resultBytes: 18.2e9,
  limit: 'encode',
  measured: true,
};
const report: PlanReport = {
  plan,
  estimate,
  warnings: [],
  choice: 'dvd-4k-fast. There is no GPU here.',
  alternative: { profile: 'dvd-preview', seconds: 7_200 },
};

describe('the view of a plan', () => {
  it('says what all episodes share once, and the rest in a table', () => {
    expect(planView(report, plainLook(80))).toMatchInlineSnapshot(`
      "voyager-s1: 2 episodes, 1h 30m of video
      Profile: dvd-4k-fast. There is no GPU here.
      Results: /videos/voyager-s1-9f86d081/upscaled
      All: 720×480 · hard-telecine · 2 audio, 1 subtitle · 2880×2160 hevc ·
        dvd-4k-fast

      #  Episode    Length    Time  Work disk  Result
      1  title_t00   45:12  3h 20m    17.4 GB  9.1 GB
      2  title_t01   45:12  3h 20m    17.4 GB  9.1 GB

      Time: 6h 40m (measured here), finished Tue 14:05; most of it: the encoder
      Disk: up to 36 GB while it runs, 18.2 GB of results
      Faster: --profile dvd-preview takes 2h

      Left out: 2
        extras/trailer.mkv: a sample: much shorter than the others
        a\\nb.txt: not a video (.txt)"
    `);
  });

  it('has a column for what differs', () => {
    const [first, second] = plan.episodes;
    const mixed = { ...plan, episodes: [{ ...first, cadence: { ...first?.cadence, cadence: 'progressive' } }, second] };
    const text = planView({ ...report, plan: mixed as typeof plan }, plainLook(120));
    expect(text).toMatch(/# +Episode +Length +Cadence +Time/);
    expect(text).toMatch(/1 +title_t00 +45:12 +progressive/);
    expect(text).toMatch(/2 +title_t01 +45:12 +hard-telecine/);
  });

  it('says what results are called where it is not the name of the source', () => {
    const [first, second] = plan.episodes;
    const renamed = { ...plan, episodes: [{ ...first, output: 'disc1/Show - S01E01.mkv' }, second] };
    const text = planView({ ...report, plan: renamed as typeof plan }, plainLook(120));
    expect(text).toMatch(/# +Episode +Length +Becomes +Time/);
    expect(text).toMatch(/1 +title_t00 +45:12 +Show - S01E01 +3h/);
    expect(text).toMatch(/2 +title_t01 +45:12 +title_t01 +3h/);
    expect(planView(report, plainLook(120))).not.toContain('Becomes');
  });

  it('tells everything of a single episode in its row', () => {
    const single = { ...plan, episodes: plan.episodes.slice(0, 1) };
    const text = planView({ ...report, plan: single }, plainLook(140));
    expect(text).toMatch(/720×480 +hard-telecine +2 audio, 1 subtitle +2880×2160 hevc/);
  });

  it('says that a picture has captions in it', () => {
    const captioned = plan.episodes.map((episode) => {
      const { source } = episode;
      return { ...episode, source: { ...source, picture: { ...source.picture, captions: true } } };
    });
    const text = planView({ ...report, plan: { ...plan, episodes: captioned } }, plainLook(120));
    expect(text).toContain('2 audio, 1 subtitle, closed captions');
  });

  it('gives every episode lines of its own where a table is too wide', () => {
    expect(planView(report, plainLook(40))).toMatchInlineSnapshot(`
      "voyager-s1: 2 episodes, 1h 30m of video
      Profile: dvd-4k-fast. There is no GPU
        here.
      Results:
        /videos/voyager-s1-9f86d081/upscaled
      All: 720×480 · hard-telecine · 2 audio,
        1 subtitle · 2880×2160 hevc ·
        dvd-4k-fast

      1 title_t00
        length 45:12, time 3h 20m, work disk
        17.4 GB, result 9.1 GB
      2 title_t01
        length 45:12, time 3h 20m, work disk
        17.4 GB, result 9.1 GB

      Time: 6h 40m (measured here), finished
        Tue 14:05; most of it: the encoder
      Disk: up to 36 GB while it runs, 18.2 GB
        of results
      Faster: --profile dvd-preview takes 2h

      Left out: 2
        extras/trailer.mkv: a sample: much
          shorter than the others
        a\\nb.txt: not a video (.txt)"
    `);
  });

  it.each([30, 40, 60, 80, 120])('fits %i columns, but for paths', (columns) => {
    for (const line of planView(report, plainLook(columns)).split('\n'))
      if (!line.includes('/')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });

  it('says when it is a guess, and names nothing faster than itself', () => {
    const guess = {
      ...report,
      estimate: { ...estimate, measured: false },
      alternative: { profile: 'dvd-4k-fast', seconds: 1 },
    };
    const text = planView(guess, plainLook(120));
    expect(text).toContain('a guess until `taaf submit` measures it');
    expect(text).not.toContain('Faster');
  });
});
