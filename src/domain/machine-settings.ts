/** What the agent of a leased machine is told: where the kit's parts are, the season's bucket, and when it ends. */
import type { AgentSettings } from './agent.js';
import type { AwsPlace, MachineSystem } from './aws.js';
import type { EpisodeId, MachineId, SeasonId } from './ids.js';
import { kitParts } from './machine-kit.js';

export interface MachineFacts {
  readonly place: Pick<AwsPlace, 'bucket' | 'region'>;
  readonly ref: { readonly season: SeasonId; readonly machine: MachineId; readonly episode: EpisodeId };
  readonly system: MachineSystem;
  /** The deadline that was recorded with the launch: milliseconds since the epoch. */
  readonly endsAt: number;
  readonly timeScale: number;
}

/**
 * Settings for `settings.json` in TAAF's folder on the machine; paths are relative to that folder, wherever the machine has it. The laptop's
 * profile and endpoint stay at home: a machine has a role, and an address only where its environment names one.
 */
export function machineSettings({ place, ref, system, endsAt, timeScale }: MachineFacts): AgentSettings {
  const { ffmpeg, ffprobe, models } = kitParts[system];
  return {
    season: ref.season,
    machine: ref.machine,
    episode: ref.episode,
    store: { kind: 's3', bucket: place.bucket, region: place.region },
    scratch: 'work',
    tools: { ffmpeg: `kit/${ffmpeg}`, ffprobe: `kit/${ffprobe}` },
    models: [`kit/${models}`],
    threads: 0,
    timeScale,
    lease: { endsAt },
  };
}
