/** The local fleet: a "machine" is a folder and one detached agent process of this computer, known to live by the lock it holds. */
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { codeOf, exists, writeDurably } from '../../disk/durable.js';
import type { AgentSettings } from '../../domain/agent.js';
import { Failure } from '../../domain/failures.js';
import { keys, type MachineId, type SeasonId } from '../../domain/ids.js';
import type { MachineEnd } from '../../domain/job.js';
import { isLocked } from '../../process/lock.js';
import { pause } from '../../process/pause.js';
import { createRecord } from '../../store/records.js';
import type { ObjectStore } from '../../store/port.js';
import type { Fleet, MachineRef, MachineStatus } from '../port.js';
import { endProcess, lastFailure, readPid } from './agent-process.js';

export interface LocalPlaces {
  /** Folder of a season's machines, and the folder of its store. */
  readonly machines: string;
  readonly store: string;
  /** Agents that share this computer's cores. */
  readonly agents: number;
}

export interface LocalFleetDeps {
  readonly places: (season: SeasonId) => Promise<LocalPlaces>;
  readonly store: (season: SeasonId) => Promise<ObjectStore>;
  /** All that is the same for every agent of this computer. */
  readonly agent: Pick<AgentSettings, 'tools' | 'models' | 'onnxRuntime' | 'timeScale'>;
  /** The agent's program, and how a program is started outside our own control group. */
  readonly program: readonly string[];
  readonly detached: (argv: readonly string[], unit: string) => readonly string[];
}

/** How long a fresh agent may take to hold its lock, and how often we look. */
const START_LIMIT_MS = 30_000;
const LOOK_MS = 50;

export function localFleet(deps: LocalFleetDeps): Fleet {
  const folderOf = async ({ season, machine }: Pick<MachineRef, 'season' | 'machine'>): Promise<string> =>
    join((await deps.places(season)).machines, machine);
  const lockOf = (folder: string): string => join(folder, 'agent.lock');

  async function status(ref: MachineRef): Promise<MachineStatus> {
    const folder = await folderOf(ref);
    if (!(await exists(folder))) return { state: 'absent' };
    if (isLocked(lockOf(folder))) return { state: 'working' };
    if (await (await deps.store(ref.season)).stat(keys.ended(ref.machine))) return { state: 'ended' };
    if ((await readPid(folder)) === undefined) return { state: 'launched' };
    return { state: 'lost', failure: await lastFailure(folder, ref.machine) };
  }

  return {
    name: 'local',
    async launch(ref) {
      await mkdir(await folderOf(ref), { recursive: true, mode: 0o700 });
    },
    async find(season) {
      const { machines } = await deps.places(season);
      return (await readdir(machines).catch(noFolder)).sort();
    },
    async configure(ref) {
      const { machines, store, agents } = await deps.places(ref.season);
      const folder = join(machines, ref.machine);
      const settings: AgentSettings = {
        ...deps.agent,
        season: ref.season,
        machine: ref.machine,
        episode: ref.episode,
        store: { kind: 'directory', folder: store },
        scratch: folder,
        threads: Math.max(1, Math.floor(availableParallelism() / agents)),
      };
      await writeDurably(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
    },
    async start(ref, { signal }) {
      if ((await status(ref)).state !== 'launched') return;
      const folder = await folderOf(ref);
      const argv = deps.detached([...deps.program, join(folder, 'settings.json')], `taaf-agent-${ref.machine}`);
      const child = { ended: false };
      spawnDetached(argv, join(folder, 'agent.err'), () => (child.ended = true));
      const deadline = performance.now() + START_LIMIT_MS;
      while (!child.ended && !signal.aborted && performance.now() < deadline) {
        if ((await readPid(folder)) !== undefined) return;
        await pause(LOOK_MS, signal);
      }
      if ((await readPid(folder)) === undefined) {
        const evidence = (await lastFailure(folder, ref.machine)).evidence;
        throw new Failure(
          'machine-lost',
          `The agent ${ref.machine} did not start`,
          evidence === undefined ? {} : { evidence },
        );
      }
    },
    status,
    async release(ref) {
      const folder = await folderOf(ref);
      const pid = await readPid(folder);
      if (pid !== undefined) await endProcess(pid, () => isLocked(lockOf(folder)));
      const end: MachineEnd = { machine: ref.machine, reason: 'gone' };
      await createRecord(await deps.store(ref.season), keys.ended(ref.machine), end);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function spawnDetached(argv: readonly string[], errors: string, onEnd: () => void): void {
  const [program, ...args] = argv;
  if (program === undefined) throw new Failure('bug', 'the agent has no program');
  const fd = openSync(errors, 'a', 0o600);
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', fd, fd] });
    child.once('exit', onEnd).once('error', onEnd);
    child.unref();
  } finally {
    closeSync(fd);
  }
}

function noFolder(error: unknown): MachineId[] {
  if (codeOf(error) !== 'ENOENT') throw error;
  return [];
}
