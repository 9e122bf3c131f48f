import { describe, expect, it } from 'vitest';
import { contractBreaches } from '../../src/media/contract.js';
import { frameHashReader } from '../../src/media/frame-hashes.js';
import { probe } from '../../src/media/probe.js';
import { shownPictures } from '../../src/media/subtitle-pictures.js';
import { copyBreaches, frameBreaches } from '../../src/media/timing.js';
import { fixture, manifestOf } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

const info = await probe(tools, fixture('dvd-episode.mkv'));

describe('the stream contract', () => {
  it('holds between a source and itself', () => {
    expect(contractBreaches(info, info, 0)).toEqual([]);
  });

  it('names every difference', () => {
    const streams = info.streams.map((stream) =>
      stream.kind === 'audio' ? { ...stream, channels: 2, title: '' } : stream,
    );
    expect(contractBreaches(info, { ...info, streams, title: 'x' }, 0)).toEqual([
      'audio 1: title is "", the source has "Stereo"',
      'audio 1: channels is "2", the source has "1"',
      'audio 2: title is "", the source has "Synchronfassung"',
      'audio 2: channels is "2", the source has "1"',
      'file: title is "x", the source has "The “Pilot”"',
    ]);
  });

  it('does not ask for flags that Matroska has not, nor for data', () => {
    const streams = info.streams.map((stream) => ({ ...stream, dispositions: [...stream.dispositions, 'karaoke'] }));
    const data = { index: 9, kind: 'data', codec: 'bin_data', dispositions: [] } as const;
    expect(contractBreaches({ ...info, streams: [...streams, data] }, info, 0)).toEqual([]);
  });

  it('asks for MP4’s subtitles in Matroska’s form', () => {
    const as = (codec: string) => ({
      ...info,
      streams: info.streams.map((s) => (s.index === 3 ? { ...s, codec } : s)),
    });
    expect(contractBreaches(as('mov_text'), as('subrip'), 0)).toEqual([]);
    expect(contractBreaches(as('mov_text'), as('mov_text'), 0)).toHaveLength(1);
  });

  it('moves chapters with the clock', () => {
    const moved = info.chapters.map((chapter) => ({ ...chapter, startSeconds: chapter.startSeconds + 0.5 }));
    expect(contractBreaches(info, { ...info, chapters: moved }, 0.5)).toEqual([]);
    expect(contractBreaches(info, { ...info, chapters: moved }, 0)[0]).toBe('chapter 1: starts 500.0 ms late');
  });
});

describe('time stamps', () => {
  const manifest = manifestOf({ counts: [3], steps: [[3, 5005]], startTicks: 24_000 });
  const exact = [0.2, 0.2 + 5005 / 120_000, 0.2 + 10_010 / 120_000];

  it('may be rounded to milliseconds, in any order', () => {
    expect(frameBreaches([0.283, 0.2, 0.242], manifest, 0)).toEqual([]);
  });

  it('are counted from the moved clock', () => {
    expect(
      frameBreaches(
        exact.map((time) => time + 1),
        manifest,
        1,
      ),
    ).toEqual([]);
  });

  it('may not be off by more, be missing, or be too many', () => {
    expect(frameBreaches([0.2, 0.2435, 0.283], manifest, 0)).toEqual(['picture: frame 1 comes 1.8 ms late']);
    expect(frameBreaches(exact.slice(0, 2), manifest, 0)).toEqual(['picture: 2 frames, not 3']);
    expect(frameBreaches([...exact, 1], manifest, 0)[0]).toBe('picture: 4 frames, not 3');
  });

  it('of copies are compared one by one', () => {
    const packets = [0, 0.032, 0.064].map((time, i) => ({ time, hash: `${i}` }));
    const drifted = packets.map(({ time, hash }) => ({ time: time * 1.05, hash }));
    expect(copyBreaches('audio', 'packet', packets, packets)).toEqual([]);
    expect(copyBreaches('audio', 'packet', packets, drifted)).toEqual(['audio: packet 1 comes 1.6 ms late']);
    expect(copyBreaches('audio', 'packet', packets, packets.slice(1))).toEqual(['audio: 2 packets, the source has 3']);
  });
});

describe('reading framehash', () => {
  it('knows each stream’s own clock', () => {
    const reader = frameHashReader();
    const lines = [
      '#tb 0: 1/1000',
      '#tb 1: 1/90000',
      '0, 0, 250, 40, 9, aa',
      '1, 0, 90000, 0, 9, bb',
      '1, 0, NOPTS, 0, 9, cc',
    ];
    lines.forEach(reader.line);
    expect(reader.streams).toEqual([
      [{ time: 0.25, hash: 'aa' }],
      [
        { time: 1, hash: 'bb' },
        { time: Number.NaN, hash: 'cc' },
      ],
    ]);
  });

  it('counts a subtitle once, and the clear canvas never', () => {
    const frames = ['clear', 'a', 'a', 'clear', 'a', 'b'].map((hash, time) => ({ time, hash }));
    expect(shownPictures(frames, 'clear').map(({ time, hash }) => `${time}${hash}`)).toEqual(['1a', '4a', '5b']);
  });
});
