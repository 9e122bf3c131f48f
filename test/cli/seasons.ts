/** Seasons to look at: plain data with every phase in it. */
import type { Look } from '../../src/cli/context.js';
import type { EpisodeStatus, SeasonStatus } from '../../src/cli/season-status.js';

export const plainLook = (columns: number): Look => ({ columns, paint: (_format, text) => text });

export const episode = (number: number, more: Partial<EpisodeStatus> = {}): EpisodeStatus => ({
  id: `e${String(number).padStart(2, '0')}-5feceb66`,
  number,
  stem: `Voyager S01E${String(number).padStart(2, '0')}`,
  phase: 'queued',
  frames: 1000,
  attempt: 1,
  ...more,
});

export const rendering = (number: number, frames: number): EpisodeStatus =>
  episode(number, {
    phase: 'rendering',
    progress: {
      frames,
      total: 1000,
      rate: 2.5,
      machines: [`e${String(number).padStart(2, '0')}-5feceb66-l1`],
      restoring: false,
      etaSeconds: (1000 - frames) / 2.5,
    },
  });

export const delivered = (number: number): EpisodeStatus =>
  episode(number, {
    phase: 'done',
    delivery: {
      episode: episode(number).id,
      recipe: 'r-4e07408562bedb8b60ce',
      output: `/videos/voyager/upscaled/Voyager S01E0${number}.mkv`,
      bytes: 1e9,
      sha256: 'ab',
      frames: 1000,
      durationSeconds: 40,
      deliveredAt: 0,
    },
  });

export const failed = (number: number): EpisodeStatus =>
  episode(number, {
    phase: 'failed',
    failure: {
      kind: 'disk-full',
      what: 'The disk of /videos/voyager/upscaled is full',
      evidence: 'ENOSPC: no space left on device',
    },
  });

export const season = (episodes: readonly EpisodeStatus[], more: Partial<SeasonStatus> = {}): SeasonStatus => ({
  season: 'voyager-s1-9f86d081',
  title: 'voyager-s1',
  state: 'running',
  fleet: 'local',
  width: 2,
  out: '/videos/voyager/upscaled',
  episodes,
  machines: [],
  safeToClose: true,
  untold: [],
  source: 'workflow',
  ...more,
});
