/** Plans and records of seasons that were never probed. */
import type { EpisodePlan, SeasonPlan } from '../../src/domain/season.js';
import type { SeasonRecord } from '../../src/seasons/registry.js';

const episodeOf = (season: string, stem: string, number: number): EpisodePlan => ({
  id: `e${String(number).padStart(2, '0')}-${season.slice(-8)}`,
  number,
  path: `${stem}.mkv`,
  stem,
  bytes: 1_200_000_000,
  modifiedMs: 0,
  source: {
    container: 'matroska',
    bytes: 1_200_000_000,
    durationSeconds: 2712,
    picture: {
      codec: 'mpeg2video',
      width: 720,
      height: 480,
      sar: { num: 8, den: 9 },
      pixelFormat: 'yuv420p',
      frameRate: { num: 30000, den: 1001 },
      colour: { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' },
    },
    pictureStream: 0,
    streams: [
      { index: 0, kind: 'video', codec: 'mpeg2video', dispositions: [] },
      { index: 1, kind: 'audio', codec: 'ac3', language: 'eng', channels: 6, dispositions: ['default'] },
      { index: 2, kind: 'audio', codec: 'ac3', language: 'ger', channels: 2, dispositions: [] },
      { index: 3, kind: 'subtitle', codec: 'dvd_subtitle', language: 'eng', dispositions: [] },
    ],
    chapters: [],
  },
  cadence: { cadence: 'hard-telecine', fieldOrder: 'tff', confidence: 0.98, evidence: '5 of 5 samples' },
  profile: {
    name: 'dvd-4k-fast',
    description: 'Classic scaler',
    restore: { cadence: 'auto', interlaced: 'field', segmentSeconds: 60 },
    upscale: { engine: 'ffmpeg', scaler: 'lanczos', grain: 0 },
    size: { scale: 4 },
    encode: { codec: 'hevc', quality: 20, preset: 'fast', bits: 10, keyframeSeconds: 2 },
  },
  target: { width: 2880, height: 2160 },
  estimatedFrames: 65_000,
  output: `${stem}.mkv`,
});

export const planOf = (season: string, stems: readonly string[], more: Partial<SeasonPlan> = {}): SeasonPlan => ({
  version: 1,
  season,
  title: season.replace(/-[0-9a-f]{8}$/, ''),
  folder: `/videos/${season}`,
  out: `/videos/${season}/upscaled`,
  fleet: 'local',
  tools: { ffmpeg: '9.0.2' },
  episodes: stems.map((stem, i) => episodeOf(season, stem, i + 1)),
  skipped: [],
  keepStore: false,
  ...more,
});

export const recordOf = ({ season, title, folder, out }: SeasonPlan, work: string, submittedAt = 0): SeasonRecord => ({
  season,
  title,
  folder,
  out,
  work,
  planHash: '00',
  agents: 1,
  submittedAt,
});
