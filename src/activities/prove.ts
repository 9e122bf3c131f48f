/** The proof of a result: its place against the sound, measured here, and what the agents have proven of its segments. */
import type { Board } from '../domain/board.js';
import { segmentUnit } from '../domain/ids.js';
import type { Manifest } from '../domain/job.js';
import { secondsOf } from '../domain/media.js';
import type { EpisodeProof } from '../domain/proof.js';
import type { EpisodePlan } from '../domain/season.js';
import { resultSeconds } from '../media/clock.js';
import { episodeProof, type End, type ProvenSegment } from '../proofs/episode-proof.js';
import { proveSync } from '../proofs/sync.js';
import type { RecipeRef } from '../workflows/activities.js';
import type { Ports } from './ports.js';
import { bringStills } from './stills.js';

export interface ProofTask {
  readonly ref: RecipeRef;
  readonly episode: EpisodePlan;
  readonly board: Board;
  readonly manifest: Manifest;
  /** Absolute paths. */
  readonly source: string;
  readonly result: string;
  /** The result's picture stream. */
  readonly resultStream: number;
}

/** @throws Failure `verify-failed` when picture and sound are apart */
export async function proveEpisode(ports: Ports, task: ProofTask, signal: AbortSignal): Promise<EpisodeProof> {
  const { episode, board, manifest, source, result, resultStream } = task;
  const job = { info: episode.source, cadence: episode.cadence, profile: episode.profile };
  const sync = await proveSync(ports.tools, { job, manifest, source, result, resultStream }, signal);
  const stills = await bringStills(ports, task.ref, signal);
  const { alarms, ...proof } = episodeProof(
    segmentsOf(board, manifest),
    sync,
    endOf(episode, manifest),
    manifest.proof && { proof: manifest.proof, timeOf: (frame) => resultSeconds(episode.source, manifest, frame) },
  );
  return {
    ...proof,
    alarms: alarms.map(({ still, ...alarm }) => {
      const path = still === undefined ? undefined : stills.get(still);
      return path === undefined ? alarm : { ...alarm, still: path };
    }),
  };
}

const segmentsOf = (board: Board, manifest: Manifest): ProvenSegment[] =>
  manifest.segments.map(({ frames }, index) => {
    const proof = board.records.receipts.get(segmentUnit(index))?.record.proof;
    return proof ? { frames, proof } : { frames };
  });

function endOf({ source }: EpisodePlan, manifest: Manifest): End {
  const frame = manifest.frames - 1;
  const [, ticks = 0] = manifest.steps.at(-1) ?? [];
  return { frame, seconds: resultSeconds(source, manifest, frame), frameSeconds: secondsOf(ticks) };
}
