/** Whether a season needs a yes before it starts, and the sentences that say why. */
import prettyBytes from 'pretty-bytes';
import prettyMs from 'pretty-ms';
import type { EpisodePlan } from '../domain/season.js';
import type { Disk } from './disk-space.js';
import type { SeasonEstimate } from './estimate.js';

/** An episode that takes longer is worth a question. */
const LONG_SECONDS = 6 * 3600;

export interface Disks {
  /** Of the work folder, and of the output folder. */
  readonly work: Disk;
  readonly out: Disk;
}

/** One sentence for each thing that the user should agree to; none when the season may start unasked. */
export function needsYes(estimate: SeasonEstimate, disks: Disks): string[] {
  return [...longEpisode(estimate), ...shortDisks(estimate, disks)];
}

/** Below this share of what the frames say, a cadence is a guess. */
const SURE = 0.6;

/** One sentence for each episode whose cadence TAAF would have to guess, and whose profile leaves it to TAAF. */
export const unsureCadences = (episodes: readonly EpisodePlan[]): string[] =>
  episodes
    .filter(({ cadence, profile }) => cadence.confidence < SURE && profile.restore.cadence === 'auto')
    .map(({ number, stem, cadence: { confidence } }) => {
      const sure = `${Math.floor(100 * confidence)} %`;
      return `Whether ${stem} is film or video is sure to ${sure} only: look at it with \`taaf cadence\` (episode ${number}).`;
    });

const duration = (seconds: number): string =>
  prettyMs(Math.max(1, Math.round(seconds)) * 1000, { unitCount: 2, verbose: true });

function longEpisode({ longestSeconds, measured }: SeasonEstimate): string[] {
  if (longestSeconds <= LONG_SECONDS) return [];
  const basis = measured ? 'measured here' : 'a guess, nothing was measured here yet';
  return [`The longest episode takes about ${duration(longestSeconds)} (${basis}).`];
}

function shortDisks({ peakWorkBytes, resultBytes }: SeasonEstimate, { work, out }: Disks): string[] {
  const needs =
    work.device === out.device
      ? [{ disk: work, bytes: peakWorkBytes + resultBytes }]
      : [
          { disk: work, bytes: peakWorkBytes },
          { disk: out, bytes: resultBytes },
        ];
  return needs
    .filter(({ disk, bytes }) => bytes > disk.freeBytes)
    .map(
      ({ disk, bytes }) =>
        `The season needs about ${prettyBytes(bytes)} on the disk of ${disk.folder}, where ${prettyBytes(disk.freeBytes)} are free.`,
    );
}
