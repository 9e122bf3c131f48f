import { describe, expect, it } from 'vitest';
import { cycleCounts, idetCounts, NOTHING_COUNTED, samplesOf } from '../../src/media/cadence-samples.js';
import { cadenceVerdict, type CadenceCounts } from '../../src/media/cadence-verdict.js';

const NTSC = { frameRate: { num: 30000, den: 1001 } };
const counts = (some: Partial<CadenceCounts>): CadenceCounts => ({
  ...NOTHING_COUNTED,
  frames: 1000,
  decoded: 1000,
  ...some,
});
const cadence = (some: Partial<CadenceCounts>, picture: Parameters<typeof cadenceVerdict>[1] = NTSC) =>
  cadenceVerdict(counts(some), picture).cadence;

describe('the verdict', () => {
  it.each<[string, Partial<CadenceCounts>]>([
    ['progressive', { progressive: 1000 }],
    ['progressive', { tff: 520, bff: 420, progressive: 60 }],
    ['hard-telecine', { tff: 1000, repeated: 390, cycleLeast: 190, cycleMost: 200 }],
    ['hard-telecine', { bff: 1000, repeated: 10, cycleLeast: 2, cycleMost: 190 }],
    ['interlaced', { tff: 1000, cycleLeast: 190, cycleMost: 200 }],
    ['interlaced', { tff: 400, progressive: 500, cycleLeast: 60, cycleMost: 80 }],
    ['soft-telecine', { progressive: 1000, flagged: 500 }],
    ['soft-telecine', { progressive: 1000, flagged: 250 }],
    // Soft and hard telecine by turns: the chain for hard telecine takes both.
    ['hard-telecine', { progressive: 600, tff: 400, flagged: 300, repeated: 150 }],
  ])('is %s for %o', (expected, some) => {
    expect(cadence(some)).toBe(expected);
  });

  it('never finds telecine in PAL or fields in film', () => {
    const telecined = { tff: 1000, repeated: 390 };
    expect(cadence(telecined, { frameRate: { num: 25, den: 1 } })).toBe('interlaced');
    expect(cadence(telecined, { frameRate: { num: 24, den: 1 } })).toBe('progressive');
    expect(cadence(telecined, { frameRate: { num: 50, den: 1 } })).toBe('progressive');
    expect(cadence(telecined, { frameRate: { num: 50, den: 1 }, interlaced: true })).toBe('interlaced');
  });

  it('tells field order, confidence and the counts behind it', () => {
    const some = counts({ bff: 900, progressive: 100, repeated: 390, cycleMost: 180 });
    expect(cadenceVerdict(some, NTSC)).toEqual({
      cadence: 'hard-telecine',
      fieldOrder: 'bff',
      confidence: 0.9,
      evidence:
        '1000 frames: 10 % progressive, 0 % top field first, 90 % bottom field first, 39 % repeat a field, 0 % flagged to repeat one',
    });
  });

  it('is progressive when nothing could be counted', () => {
    expect(cadenceVerdict(NOTHING_COUNTED, NTSC)).toMatchObject({ cadence: 'progressive' });
  });
});

describe('the samples', () => {
  it('are the whole of a short source', () => {
    expect(samplesOf(12.5)).toEqual([{ start: 0, seconds: 12.5 }]);
  });

  it('are eight stretches spread over a long one', () => {
    const samples = samplesOf(2700);
    expect(samples).toHaveLength(8);
    expect(samples[0]).toEqual({ start: 164, seconds: 8 });
    expect(samples[7]).toEqual({ start: 2527, seconds: 8 });
  });

  it('count what idet prints of each frame', () => {
    const frame = (repeated: string, single: string, multiple: string) => [
      'frame:0    pts:0       pts_time:0',
      `lavfi.idet.repeated.current_frame=${repeated}`,
      'lavfi.idet.repeated.neither=1.00',
      `lavfi.idet.single.current_frame=${single}`,
      `lavfi.idet.multiple.current_frame=${multiple}`,
    ];
    const lines = [
      ...frame('neither', 'tff', 'tff'),
      ...frame('top', 'progressive', 'tff'),
      ...frame('bottom', 'undetermined', 'progressive'),
    ];
    expect(idetCounts(lines)).toMatchObject({ frames: 3, tff: 2, bff: 0, progressive: 1, repeated: 2 });
  });

  it('find the clean place of the telecine cycle, also behind an edit that shifts it', () => {
    const telecine = (shift: number) => Array.from({ length: 40 }, (_, i) => (i + shift) % 5 > 1);
    expect(cycleCounts([...telecine(0), ...telecine(2)])).toEqual({ cycleLeast: 0, cycleMost: 16 });
    expect(cycleCounts(Array.from({ length: 40 }, () => true))).toEqual({ cycleLeast: 8, cycleMost: 8 });
    expect(cycleCounts(Array.from({ length: 40 }, (_, i) => i < 8))).toEqual({ cycleLeast: 0, cycleMost: 0 });
  });
});
