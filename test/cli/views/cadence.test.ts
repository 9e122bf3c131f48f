import { describe, expect, it } from 'vitest';
import { cadenceText, cadenceView, strip } from '../../../src/cli/views/cadence.js';
import type { Passage } from '../../../src/domain/cadence.js';
import type { CadenceVerdict } from '../../../src/domain/media.js';
import { plainLook } from '../seasons.js';

const passages: Passage[] = [
  { kind: 'film', first: 0, frames: 1800, phase: 0, torn: [7] },
  { kind: 'video', first: 1800, frames: 180 },
  { kind: 'frames', first: 1980, frames: 1440, soft: true },
];
const verdict: CadenceVerdict = {
  ...{ cadence: 'hard-telecine', fieldOrder: 'tff', confidence: 0.987, evidence: '3420 frames: …' },
  passages,
};

describe('the cadence of an episode', () => {
  it('is drawn by time, and a short passage of video is seen', () => {
    // A minute of film, six seconds of video, a minute of film by flags.
    expect(strip(passages, 21, plainLook(80))).toBe('━━━━━━━━━━░──────────');
    const short: Passage[] = [
      { kind: 'film', first: 0, frames: 1000, phase: 0 },
      { kind: 'video', first: 1000, frames: 10 },
      { kind: 'film', first: 1010, frames: 990, phase: 0 },
    ];
    expect(strip(short, 20, plainLook(80))).toBe('━━━━━━━━━━░━━━━━━━━━');
  });

  it('is said in a few words', () => {
    expect(cadenceText(verdict)).toBe('film 48%, frames 48%, video 5%');
    expect(cadenceText({ ...verdict, passages: passages.slice(0, 1) })).toBe('hard-telecine');
  });

  it('is listed with time codes', () => {
    expect(cadenceView('e1.mkv', { verdict }, plainLook(60)).split('\n').slice(-4)).toEqual([
      'From    To  What       Frames  Torn',
      '0:00  1:00  film       0–1799     1',
      '1:00  1:06  video   1800–1979',
      '1:06  2:06  frames  1980–3419',
    ]);
  });
});
