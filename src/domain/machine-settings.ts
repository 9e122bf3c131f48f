/** What the agent of a leased machine is told: paths of the kit below the machine's folder for TAAF, the season's bucket, and when it ends. */
import type { AgentSettings } from './agent.js';
import type { AwsPlace, MachineSystem } from './aws.js';
import type { EpisodeId, MachineId, SeasonId } from './ids.js';
import { kitParts } from './machine-kit.js';

/** Folder for all that TAAF has on a machine: `kit/`, `settings.json`, `work/`. */
export const machineRoots: Readonly<Record<MachineSystem, string>> = {
  linux: '/opt/taaf',
  windows: 'C:\\ProgramData\\taaf',
};

export interface MachineFacts {
  readonly place: Pick<AwsPlace, 'bucket' | 'region'>;
  readonly ref: { readonly season: SeasonId; readonly machine: MachineId; readonly episode: EpisodeId };
  readonly system: MachineSystem;
  /** `machineRoots[system]`, or another folder on a machine of the tests. */
  readonly root: string;
  /** The deadline that was recorded with the launch: milliseconds since the epoch. */
  readonly endsAt: number;
  readonly timeScale: number;
}

/**
 * Settings for `<root>/settings.json`. The laptop's profile and endpoint stay at home: a machine has a role, and an address only where its
 * environment names one. Scratch is on the root volume, whose size the order asks for.
 */
export function machineSettings({ place, ref, system, root, endsAt, timeScale }: MachineFacts): AgentSettings {
  const separator = system === 'windows' ? '\\' : '/';
  const below = (...parts: readonly string[]): string =>
    [root, ...parts.flatMap((part) => part.split('/'))].join(separator);
  const { ffmpeg, ffprobe, models } = kitParts[system];
  return {
    season: ref.season,
    machine: ref.machine,
    episode: ref.episode,
    store: { kind: 's3', bucket: place.bucket, region: place.region },
    scratch: below('work'),
    tools: { ffmpeg: below('kit', ffmpeg), ffprobe: below('kit', ffprobe) },
    models: [below('kit', models)],
    threads: 0,
    timeScale,
    lease: { endsAt },
  };
}
