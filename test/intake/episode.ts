/** An episode as a plan has it: 45 minutes of telecined NTSC film, 2 GB. */
import { targetSize } from '../../src/domain/geometry.js';
import type { SourceInfo } from '../../src/domain/media.js';
import type { Profile } from '../../src/domain/profile.js';
import type { EpisodePlan } from '../../src/domain/season.js';
import { estimatedFrames } from '../../src/intake/frames.js';

const source: SourceInfo = {
  container: 'matroska',
  bytes: 2e9,
  durationSeconds: 2700,
  picture: {
    codec: 'mpeg2video',
    width: 720,
    height: 480,
    sar: { num: 8, den: 9 },
    pixelFormat: 'yuv420p',
    frameRate: { num: 30_000, den: 1001 },
    colour: { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' },
  },
  pictureStream: 0,
  streams: [],
  chapters: [],
};

export function episodeOf(profile: Profile, number: number): EpisodePlan {
  const cadence = { cadence: 'hard-telecine', fieldOrder: 'tff', confidence: 1, evidence: '' } as const;
  return {
    id: `e0${number}-00000000`,
    number,
    path: `${number}.mkv`,
    stem: String(number),
    bytes: source.bytes,
    modifiedMs: 0,
    source,
    cadence,
    profile,
    target: targetSize(source.picture, profile.size),
    estimatedFrames: estimatedFrames({ source, cadence, profile }),
    output: `${number}.mkv`,
  };
}
