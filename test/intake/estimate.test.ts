import { describe, expect, it } from 'vitest';
import type { Cadence, SourceInfo } from '../../src/domain/media.js';
import type { Profile, RestoreStep } from '../../src/domain/profile.js';
import type { EpisodePlan } from '../../src/domain/season.js';
import { calibrate, learn, type RenderSample } from '../../src/intake/calibrate.js';
import { calibrated, noCalibrations, refined } from '../../src/intake/calibrations.js';
import { needsYes, unsureCadences } from '../../src/intake/decision.js';
import { estimateSeason, fastestAlternative, withProfile, type EstimateBasis } from '../../src/intake/estimate.js';
import { estimatedFrames } from '../../src/intake/frames.js';
import type { Machine } from '../../src/intake/machine.js';
import { megapixelsOf, rateKey } from '../../src/intake/rates.js';
import { parseProfile } from '../../src/profiles/parse.js';
import { episodeOf } from './episode.js';

const anime = parseProfile('upscale: {engine: onnx, model: realesr-animevideov3-x4}', 'anime', 'anime.yaml');
const photo = parseProfile('upscale: {engine: onnx, model: realesrgan-x4plus}', 'photo', 'photo.yaml');
const fast = parseProfile('upscale: {engine: ffmpeg}', 'fast', 'fast.yaml');

const cpu: Machine = { name: 'two cores', cores: 2 };
const gpu: Machine = { name: 'two cores and a GPU', cores: 2, gpu: 'a GPU' };
const GB = 1e9;
const HOUR = 3600;

const basis = (machine: Machine, more: Partial<EstimateBasis> = {}): EstimateBasis => ({
  machine,
  calibrations: noCalibrations,
  machines: 1,
  now: 1_000_000,
  ...more,
});

const season = (profile: Profile, count = 1): EpisodePlan[] =>
  Array.from({ length: count }, (_, index) => episodeOf(profile, index + 1));

describe('the work disk of a disc', () => {
  it('holds a title twice: in the store, and as the file that it was copied into', () => {
    const [file] = season(fast);
    if (file === undefined) throw new Error('no episode');
    const title: EpisodePlan = { ...file, origin: { kind: 'vobs', files: [] } };
    const peak = (...episodes: EpisodePlan[]) => estimateSeason(episodes, basis(cpu)).peakWorkBytes;
    expect(peak(title) - peak(file)).toBe(file.bytes);
    expect(peak(title, title, title) - peak(file, file, file)).toBe(3 * file.bytes);
  });
});

describe('estimated frames', () => {
  const { source } = episodeOf(fast, 1);
  const frames = (cadence: Cadence, restore: Partial<RestoreStep> = {}, info: SourceInfo = source) =>
    estimatedFrames({
      source: info,
      cadence: { cadence, fieldOrder: 'tff', confidence: 1, evidence: '' },
      profile: { ...fast, restore: { ...fast.restore, ...restore } },
    });

  it.each([
    ['progressive', 80_919],
    ['hard-telecine', 64_735],
    ['soft-telecine', 64_735],
    ['interlaced', 161_838],
  ] as const)('of 45 minutes of %s NTSC are %d', (cadence, expected) => {
    expect(frames(cadence)).toBe(expected);
  });

  it('follow the profile where it overrules the verdict', () => {
    expect(frames('progressive', { cadence: 'hard-telecine' })).toBe(64_735);
    expect(frames('interlaced', { interlaced: 'frame' })).toBe(80_919);
  });

  it('go by the picture where the sound is longer', () => {
    const short = { ...source, picture: { ...source.picture, durationSeconds: 10 } };
    expect(frames('hard-telecine', {}, short)).toBe(240);
  });
});

describe('the estimate', () => {
  it('guesses as was measured on two cores: 45 minutes of NTSC film with the animation model take days', () => {
    const estimate = estimateSeason(season(anime), basis(cpu));
    expect(estimate.measured).toBe(false);
    expect(estimate.limit).toBe('engine');
    expect(estimate.seconds / HOUR).toBeGreaterThan(36);
    expect(estimate.seconds / HOUR).toBeLessThan(60);
    expect(estimate.finishAt).toBe(1_000_000 + estimate.seconds * 1000);
  });

  it('has the disk that 45 minutes were measured to need', () => {
    const [episode] = estimateSeason(season(anime), basis(cpu)).episodes;
    expect((episode?.resultBytes ?? 0) / GB).toBeCloseTo(12, 0);
    const restored = (episode?.workBytes ?? 0) - (episode?.resultBytes ?? 0) - 2 * GB;
    expect(restored / GB).toBeGreaterThan(15);
    expect(restored / GB).toBeLessThan(20);
  });

  it('is limited by the encoder where a GPU carries the model', () => {
    const estimate = estimateSeason(season(anime), basis(gpu));
    expect(estimate.limit).toBe('encode');
    const [episode] = estimate.episodes;
    expect(episode?.seconds).toBeCloseTo((episode?.stages.restore ?? 0) + (episode?.stages.encode ?? 0), 3);
  });

  it('shares the episodes among machines, but never beats the longest one', () => {
    const one = estimateSeason(season(fast, 4), basis(cpu));
    expect(estimateSeason(season(fast, 4), basis(cpu, { machines: 2 })).seconds).toBeCloseTo(one.seconds / 2, 3);
    expect(estimateSeason(season(fast, 4), basis(cpu, { machines: 9 })).seconds).toBeCloseTo(one.longestSeconds, 3);
  });

  it('keeps all sources but only few restored pictures at once', () => {
    const [one, ten] = [1, 10].map((count) => estimateSeason(season(anime, count), basis(cpu)).peakWorkBytes);
    const both = estimateSeason(season(anime, 2), basis(cpu)).peakWorkBytes;
    expect(both).toBeCloseTo(2 * (one ?? 0), -3);
    expect(ten).toBeCloseTo(both + 8 * 2 * GB, -3);
  });

  it('grows with grain and shrinks with CRF', () => {
    const sized = (encode: string, grain = 0) => {
      const text = `upscale: {engine: ffmpeg, grain: ${grain}}\nencode: ${encode}`;
      return estimateSeason(season(parseProfile(text, 'x', 'x.yaml')), basis(cpu)).resultBytes / GB;
    };
    expect(sized('{quality: 16}')).toBeCloseTo(15, -0.5);
    expect(sized('{quality: 22}')).toBeCloseTo(7, 0);
    expect(sized('{quality: 18}', 2)).toBeCloseTo(16, 0);
    expect(sized('{codec: ffv1}')).toBeGreaterThan(100);
  });

  it('names the quickest other profile, and none when the plan is the quickest', () => {
    const named = (planned: Profile) => fastestAlternative(season(planned), [photo, fast, anime], basis(cpu))?.profile;
    expect([named(anime), named(photo), named(fast)]).toEqual(['fast', 'fast', undefined]);
  });

  it('aims at the other profile’s size when it looks at another profile', () => {
    const small = parseProfile('upscale: {engine: ffmpeg}\nsize: {scale: 2}', 'small', 'small.yaml');
    expect(withProfile(season(fast), small)[0]?.target).toEqual({ width: 1440, height: 1080 });
  });
});

describe('a calibration', () => {
  const [episode] = season(anime);
  if (!episode) throw new Error('no episode');
  const asked: [string, number][] = [];

  /** An engine whose programs take a while to start, and then so long for each frame. */
  const engine =
    (startSeconds: number, each: Readonly<Record<string, number>>): RenderSample =>
    ({ profile }, frames) => {
      asked.push([profile.upscale.engine, frames]);
      return Promise.resolve({ frames, seconds: startSeconds + (each[profile.upscale.engine] ?? 0) * frames });
    };
  const secondsOf = (machine: Machine, calibrations: typeof noCalibrations) => {
    const [one] = estimateSeason([episode], basis(machine, { calibrations })).episodes;
    const { engine: model = 0, encode = 0 } = one?.stages ?? {};
    return {
      model: model / episode.estimatedFrames,
      encode: encode / episode.estimatedFrames,
      measured: one?.measured,
    };
  };

  it('finds what engine and encoder take, whatever the start of the programs costs', async () => {
    const measured = await calibrate(episode, cpu, noCalibrations, engine(2, { onnx: 2.5, ffmpeg: 0.5 }));
    const { model, encode, measured: known } = secondsOf(cpu, measured);
    expect(known).toBe(true);
    // The classic scaler's own share of its half second is small.
    expect(encode).toBeGreaterThan(0.4);
    expect(encode).toBeLessThanOrEqual(0.5);
    expect(model + encode).toBeCloseTo(2.5, 5);
    expect(asked.every(([, frames]) => frames >= 5)).toBe(true);
  });

  it('does not try a second sample of an engine that is very slow', async () => {
    asked.splice(0);
    await calibrate(episode, cpu, noCalibrations, engine(2, { onnx: 100, ffmpeg: 0.5 }));
    expect(asked.filter(([name]) => name === 'onnx')).toEqual([['onnx', 5]]);
  });

  it('takes the whole time for the model’s own where a GPU works beside the encoder', async () => {
    const measured = await calibrate(episode, gpu, noCalibrations, engine(0, { onnx: 1, ffmpeg: 0.2 }));
    expect(secondsOf(gpu, measured).model).toBeCloseTo(1, 5);
  });

  it('never finds an engine that takes no time', async () => {
    const measured = await calibrate(episode, cpu, noCalibrations, engine(0, { onnx: 0.1, ffmpeg: 0.5 }));
    expect(secondsOf(cpu, measured).model).toBeGreaterThan(0);
  });

  it('manages with an episode that is shorter than the sample', async () => {
    const short: RenderSample = () => Promise.resolve({ frames: 5, seconds: 1 });
    const classic = withProfile([episode], fast)[0] ?? episode;
    const calibrations = await calibrate(classic, cpu, noCalibrations, short);
    const [one] = estimateSeason([classic], basis(cpu, { calibrations })).episodes;
    const { restore = 0 } = one?.stages ?? {};
    expect(((one?.seconds ?? 0) - restore) / classic.estimatedFrames).toBeCloseTo(0.2, 5);
  });

  it('of another machine, model or size does not count', async () => {
    const measured = await calibrate(episode, cpu, noCalibrations, engine(0, { onnx: 2, ffmpeg: 1 }));
    const knows = (machine: Machine, one: EpisodePlan) =>
      estimateSeason([one], basis(machine, { calibrations: measured })).measured;
    expect(knows(cpu, episode)).toBe(true);
    expect(knows(gpu, episode)).toBe(false);
    expect(knows(cpu, withProfile([episode], photo)[0] ?? episode)).toBe(false);
    const small = { ...anime, size: { scale: 1 } };
    expect(knows(cpu, withProfile([episode], small)[0] ?? episode)).toBe(false);
  });

  it('comes nearer with every finished segment', () => {
    const before = estimateSeason([episode], basis(cpu)).episodes[0];
    const render = ((before?.seconds ?? 0) - (before?.stages.restore ?? 0)) / episode.estimatedFrames;
    const bytes = 1000 * megapixelsOf('resultBytes', episode) * 100;
    const first = learn(noCalibrations, cpu, { work: episode, frames: 100, seconds: render * 100 * 2, bytes });
    const after = estimateSeason([episode], basis(cpu, { calibrations: first }));
    const [one] = after.episodes;
    expect((one?.seconds ?? 0) - (one?.stages.restore ?? 0)).toBeCloseTo(render * 2 * episode.estimatedFrames, 0);
    expect(after.measured).toBe(true);
    expect(calibrated(first, cpu.name, rateKey('resultBytes', episode))).toBeCloseTo(1000, 5);
  });

  it('weighs the newest measurement most, but not alone', () => {
    const values = [10, 20, 20, 20].reduce((now, value) => refined(now, 'm', 'k', value), noCalibrations);
    expect(calibrated(values, 'm', 'k')).toBeCloseTo(20 - 10 * 0.7 ** 3, 9);
    expect(values.machines['m']?.['k']?.samples).toBe(4);
  });
});

describe('the question before a start', () => {
  const estimate = estimateSeason(season(fast), basis({ name: 'many cores', cores: 16 }));
  const disk = (freeBytes: number, device = 1) => ({ folder: `/disk${device}`, freeBytes, device });
  const room = { work: disk(1e15), out: disk(1e15, 2) };

  it('is not asked when it is quick and there is room', () => {
    expect(needsYes(estimate, room)).toEqual([]);
  });

  it('is asked above six hours an episode, and says whether that was measured', () => {
    const longer = (longestSeconds: number, measured: boolean) =>
      needsYes({ ...estimate, longestSeconds, measured }, room);
    expect(longer(6 * HOUR, true)).toEqual([]);
    expect(longer(36 * HOUR, true)).toEqual(['The longest episode takes about 1 day 12 hours (measured here).']);
    expect(longer(36 * HOUR, false)[0]).toContain('a guess');
  });

  it('is asked where film and video cannot be told apart, unless the profile says which', () => {
    const [one, two] = [episodeOf(fast, 1), episodeOf(fast, 2)];
    const unsure = { ...two, stem: 'Dax', cadence: { ...two.cadence, confidence: 0.599 } };
    expect(unsureCadences([one, unsure])).toEqual([
      'Whether Dax is film or video is sure to 59 % only: look at it with `taaf cadence` (episode 2).',
    ]);
    const restore = { ...fast.restore, cadence: 'interlaced' } as const;
    expect(unsureCadences([{ ...unsure, profile: { ...fast, restore } }])).toEqual([]);
  });

  it('is asked when a disk is short, and names it', () => {
    const sizes = { ...estimate, peakWorkBytes: 40 * GB, resultBytes: 10 * GB };
    const asked = (work: number, out: number, device: number) =>
      needsYes(sizes, { work: disk(work * GB), out: disk(out * GB, device) });
    expect(asked(41, 11, 2)).toEqual([]);
    expect(asked(39, 11, 2)).toEqual(['The season needs about 40 GB on the disk of /disk1, where 39 GB are free.']);
    expect(asked(41, 9, 2)).toEqual(['The season needs about 10 GB on the disk of /disk2, where 9 GB are free.']);
    expect(asked(45, 45, 1)).toEqual(['The season needs about 50 GB on the disk of /disk1, where 45 GB are free.']);
    expect(asked(51, 51, 1)).toEqual([]);
  });
});
