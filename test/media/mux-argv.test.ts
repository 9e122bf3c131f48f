import { describe, expect, it } from 'vitest';
import type { SourceInfo, SourceStream } from '../../src/domain/media.js';
import { clockShift } from '../../src/media/clock.js';
import { concatList, quoted } from '../../src/media/concat-list.js';
import { coversArgv, muxArgv } from '../../src/media/mux-argv.js';
import { retimeFilter } from '../../src/media/retime.js';

const stream = (index: number, more: Partial<SourceStream>): SourceStream => ({
  index,
  kind: 'audio',
  codec: 'ac3',
  dispositions: [],
  ...more,
});

const sourceWith = (streams: readonly SourceStream[], container = 'matroska,webm'): SourceInfo => ({
  container,
  bytes: 1,
  durationSeconds: 2,
  picture: {
    codec: 'mpeg2video',
    width: 720,
    height: 480,
    sar: { num: 8, den: 9 },
    pixelFormat: 'yuv420p',
    frameRate: { num: 30000, den: 1001 },
    colour: { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' },
    labels: { language: 'eng', dispositions: ['default', 'still_image'] },
  },
  pictureStream: 0,
  streams,
  chapters: [],
});

const mux = (info: SourceInfo) => ({
  ...{ info, source: '/in/e1.mkv', list: '/tmp/list', times: '/tmp/times', covers: [], shiftTicks: 0 },
  output: '/tmp/out.mkv',
});

/** Values that follow an option. */
const valuesOf = (argv: readonly string[], option: string): string[] =>
  argv.flatMap((word, i) => (word === option ? [argv[i + 1] ?? ''] : []));

describe('the mux command', () => {
  const streams = [
    stream(1, { dispositions: ['default'] }),
    stream(2, { kind: 'data', codec: 'dvd_nav_packet' }),
    stream(3, { codec: 'pcm_dvd' }),
    stream(4, { kind: 'subtitle', codec: 'dvd_subtitle', dispositions: ['captions', 'forced'] }),
  ];
  const argv = muxArgv(mux(sourceWith(streams)));

  it('takes the picture from the segments and all but data from the source, in its order', () => {
    expect(valuesOf(argv, '-map')).toEqual(['0:v:0', '1:1', '1:3', '1:4']);
  });

  it('copies, but for what Matroska cannot hold', () => {
    expect(valuesOf(argv, '-c')).toEqual(['copy']);
    expect(valuesOf(argv, '-c:2')).toEqual(['pcm_s24le']);
  });

  it('says every disposition, since ffmpeg would make up its own', () => {
    expect([0, 1, 2, 3].map((i) => valuesOf(argv, `-disposition:${i}`))).toEqual([
      ['default'],
      ['default'],
      ['0'],
      ['forced'],
    ]);
  });

  it('takes tags stream by stream from the source', () => {
    expect([1, 2, 3].map((i) => valuesOf(argv, `-map_metadata:s:${i}`))).toEqual([['1:s:1'], ['1:s:3'], ['1:s:4']]);
    expect(valuesOf(argv, '-metadata:s:0')).toEqual(['language=eng']);
  });

  it('leaves the clock alone', () => {
    expect(argv[0]).toBe('-copyts');
    expect(valuesOf(argv, '-itsoffset')).toEqual(['0.000000']);
    expect(valuesOf(argv, '-avoid_negative_ts')).toEqual(['disabled']);
  });

  it('attaches covers instead of copying them as video', () => {
    const cover = stream(1, { kind: 'video', codec: 'mjpeg', dispositions: ['attached_pic'] });
    const covers = [{ stream: cover, file: '/tmp/cover' }];
    const attached = muxArgv({ ...mux(sourceWith([cover, stream(2, {})])), covers });
    expect(valuesOf(attached, '-map')).toEqual(['0:v:0', '1:2']);
    expect(valuesOf(attached, '-attach')).toEqual(['file:/tmp/cover']);
    expect(valuesOf(attached, '-metadata:s:2')).toEqual(['filename=cover.jpeg', 'mimetype=image/jpeg']);
    expect(valuesOf(coversArgv('/in/e1.mkv', covers), '-map')).toEqual(['0:1']);
  });
});

describe('the concat list', () => {
  it('gives lengths in microseconds', () => {
    expect(
      concatList([
        { file: '/a/s0.mkv', ticks: 5005 },
        { file: '/a/s1.mkv', ticks: 7_207_200 },
      ]),
    ).toBe(
      [
        'ffconcat version 1.0',
        "file 'file:/a/s0.mkv'",
        'duration 0.041708',
        "file 'file:/a/s1.mkv'",
        'duration 60.060000',
        '',
      ].join('\n'),
    );
  });

  it('quotes quotes', () => {
    expect(quoted("it's")).toBe(String.raw`'it'\''s'`);
  });
});

describe('the retiming filter', () => {
  it('turns the count of a frame into its time', () => {
    expect(retimeFilter([[48, 5005]], 24_000, 5005)).toBe(
      "setts=prescale=1:time_base=1/120000:pts='st(0,round(PTS/5005.000000));24000+(ld(0)-0)*5005'" +
        ":dts='st(0,round(DTS/5005.000000));24000+(ld(0)-0)*5005':duration='st(0,round(PTS/5005.000000));5005'",
    );
  });

  it('nests no deeper than ffmpeg reads, however uneven the times are', () => {
    const steps = Array.from({ length: 60_000 }, (_, i) => [1, 5005 - (i % 2)] as const);
    let depth = 0;
    let deepest = 0;
    for (const letter of retimeFilter(steps, 0, 5004.5)) {
      if (letter === '(') deepest = Math.max(deepest, ++depth);
      if (letter === ')') depth--;
    }
    expect(deepest).toBeLessThan(40);
  });
});

describe('the clock of the result', () => {
  const starts = (container: string, ...seconds: number[]) =>
    sourceWith(
      seconds.map((startSeconds, i) => stream(i + 1, { startSeconds })),
      container,
    );

  it.each([
    ['a Matroska file keeps its own', starts('matroska,webm', 0.2, 0.5), 60_000, 0],
    ['times before 0 are moved to 0, and all others with them', starts('mov,mp4,m4a', -0.021), 0, 2520],
    ['a broadcast starts at 0', starts('mpegts', 1.4, 1.5), 180_000, -168_000],
    ['a broadcast whose picture is first starts at 0 too', starts('mpeg', 1.5), 168_000, -168_000],
  ])('%s', (_, info, startTicks, shift) => {
    expect(clockShift(info, { startTicks })).toBe(shift);
  });
});
