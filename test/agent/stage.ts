/** A stage for real agents: a store with jobs, and agents as processes of their own that can be stopped, frozen and killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentSettings } from '../../src/domain/agent.js';
import { boardOf, type Board } from '../../src/domain/board.js';
import { episodeId, keys, machineId, recipeId, type EpisodeId, type MachineId } from '../../src/domain/ids.js';
import type { Job, Receipt } from '../../src/domain/job.js';
import { sha256OfFile, sha256Of } from '../../src/disk/hash.js';
import { probe } from '../../src/media/probe.js';
import { directoryStore } from '../../src/store/directory.js';
import type { ObjectStore } from '../../src/store/port.js';
import { createRecord } from '../../src/store/records.js';
import { workReader } from '../../src/store/work.js';
import { testProfile, verdict } from '../fixtures/job.js';
import { bundle } from '../helpers/bundle.js';
import { tools } from '../helpers/tools.js';

export const TIME_SCALE = 30;
let program: Promise<string> | undefined;

export interface Agent {
  readonly machine: MachineId;
  readonly process: ChildProcess;
  /** The exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface Stage {
  readonly store: ObjectStore;
  readonly folder: string;
  addEpisode(number: number, source: string, change?: Partial<Job>): Promise<Job>;
  /** Starts an agent; the same launch again is the same machine. */
  agent(
    episode: EpisodeId,
    launch: number,
    env?: Record<string, string>,
    change?: Partial<AgentSettings>,
  ): Promise<Agent>;
  board(job: Job): Promise<Board>;
  receipts(job: Job): Promise<Receipt[]>;
}

export function openStage(folder: string): Stage {
  const store = directoryStore(join(folder, 'store'));
  const board = async (job: Job): Promise<Board> => boardOf(await workReader(store).read(job.recipe), () => false);
  return {
    store,
    folder,
    async addEpisode(number, source, change = {}) {
      const info = await probe(tools, source);
      const sha256 = await sha256OfFile(source);
      const episode = episodeId(number, sha256Of(`${number}`));
      const key = keys.source(episode, sha256);
      await store.put(key, { file: source });
      const job: Job = {
        version: 1,
        season: 'season-0',
        episode,
        recipe: recipeId(sha256Of(`${sha256} ${number}`)),
        order: number,
        source: { key, sha256, bytes: (await stat(source)).size },
        info,
        cadence: verdict('progressive'),
        profile: testProfile({ segmentSeconds: 1 }),
        target: { width: 640, height: 480 },
        ...change,
      };
      await createRecord(store, keys.job(job.recipe), job);
      return job;
    },
    async agent(episode, launch, env = {}, change = {}) {
      program ??= bundle('src/agent/main.ts', 'agent');
      const machine = machineId(episode, launch);
      const scratch = join(folder, 'machines', machine);
      await mkdir(scratch, { recursive: true });
      const settings: AgentSettings = {
        season: 'season-0',
        machine,
        episode,
        store: { kind: 'directory', folder: join(folder, 'store') },
        scratch,
        tools,
        models: [],
        threads: 1,
        timeScale: TIME_SCALE,
        ...change,
      };
      await writeFile(join(scratch, 'settings.json'), JSON.stringify(settings));
      const child = spawn(process.execPath, [await program, join(scratch, 'settings.json')], {
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, ...env },
      });
      const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
      return { machine, process: child, ended };
    },
    board,
    async receipts(job) {
      const { records } = await board(job);
      return [...records.receipts.values()].map(({ record }) => record);
    },
  };
}
