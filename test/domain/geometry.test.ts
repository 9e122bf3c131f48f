import { describe, expect, it } from 'vitest';
import { displayAspect, targetSize } from '../../src/domain/geometry.js';
import type { Picture } from '../../src/domain/media.js';

const picture = (width: number, height: number, num: number, den: number): Picture => ({
  codec: 'mpeg2video',
  width,
  height,
  sar: { num, den },
  pixelFormat: 'yuv420p',
  frameRate: { num: 30000, den: 1001 },
  colour: { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' },
});

const times4 = (p: Picture) => {
  const { width, height } = targetSize(p, { scale: 4 });
  return `${width}x${height}`;
};

describe('the target size', () => {
  it.each([
    ['NTSC 4:3', picture(720, 480, 8, 9), '2880x2160'],
    ['NTSC 16:9', picture(720, 480, 32, 27), '3840x2160'],
    ['PAL 4:3', picture(720, 576, 16, 15), '2880x2160'],
    ['PAL 16:9', picture(720, 576, 64, 45), '3840x2160'],
    ['NTSC 4:3 without its sides', picture(704, 480, 10, 11), '2880x2160'],
    ['half-D1 NTSC 4:3', picture(352, 480, 20, 11), '2880x2160'],
    ['SVCD PAL 4:3', picture(480, 576, 8, 5), '2880x2160'],
  ])('of %s ×4 has 2160 lines', (_name, source, expected) => {
    expect(times4(source)).toBe(expected);
  });

  it('enlarges the short axis of other pictures, so that no pixel is lost', () => {
    expect(times4(picture(352, 240, 10, 11))).toBe('1408x1056'); // 352x264: pixels are narrow, lines are added
    expect(times4(picture(1440, 1080, 4, 3))).toBe('7680x4320'); // pixels are wide, columns are added
  });

  it('multiplies square pixels as they are', () => {
    expect(times4(picture(640, 480, 1, 1))).toBe('2560x1920');
    expect(times4(picture(720, 480, 1, 1))).toBe('2880x1920');
    expect(times4(picture(1280, 720, 1, 1))).toBe('5120x2880');
  });

  it('gives the asked height and the width of the display shape', () => {
    expect(targetSize(picture(720, 480, 8, 9), { height: 1080 })).toEqual({ width: 1440, height: 1080 });
    expect(targetSize(picture(720, 576, 64, 45), { height: 1080 })).toEqual({ width: 1920, height: 1080 });
  });

  it('is even on both sides, always', () => {
    for (const scale of [1, 1.5, 2, 3]) {
      for (const p of [picture(853, 479, 1, 1), picture(351, 241, 10, 11), picture(3, 1, 1, 3)]) {
        const { width, height } = targetSize(p, { scale });
        expect([width % 2, height % 2, Math.min(width, height) > 0]).toEqual([0, 0, true]);
      }
    }
    expect(targetSize(picture(720, 480, 8, 9), { height: 719 })).toEqual({ width: 960, height: 720 });
  });
});

describe('the display shape', () => {
  it('is the coded shape times the shape of a pixel', () => {
    expect(displayAspect(picture(720, 480, 8, 9))).toBeCloseTo(4 / 3, 10);
    expect(displayAspect(picture(720, 576, 64, 45))).toBeCloseTo(16 / 9, 10);
  });
});
