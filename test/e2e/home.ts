/** A home of TAAF's own: the real binary with its own folders, server, worker and agents; everything of it is found and ended again. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeasonStatus } from '../../src/cli/season-status.js';
import { processes } from '../helpers/processes.js';
import { until } from '../helpers/until.js';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Home {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Files named after failpoints in here kill the next process that comes by. */
  readonly failpoints: string;
  taaf(...args: string[]): Promise<Ran>;
  /** Starts a command that is left alone or killed. */
  spawn(...args: string[]): ChildProcess;
  /** Submits in the background and returns the season's id as soon as it is on record: whatever happens then, nobody waits for it. */
  begin(folder: string, ...args: string[]): Promise<string>;
  status(season: string): Promise<SeasonStatus>;
  /** Submits and returns the season's id. @throws when it does not start */
  submit(folder: string, ...args: string[]): Promise<string>;
  /** Waits until nothing goes on by itself any more. */
  settled(season: string): Promise<SeasonStatus>;
  /** The next process that comes by there is killed, or put to sleep by SIGSTOP. */
  arm(failpoint: string, signal?: 'SIGSTOP'): Promise<void>;
  /** Waits until somebody sleeps at an armed failpoint, and returns who. */
  asleep(): Promise<number>;
  /** Wakes a process, or all that sleep; who is gone meanwhile is no error. */
  wake(...pids: number[]): void;
  /** Ends a process at once; who is gone meanwhile is no error. */
  kill(...pids: number[]): void;
  /** Process ids of this home's programs whose command line has the word. */
  pids(word: string): number[];
  /** Ends whatever of this home still runs, and removes the folder. */
  close(): Promise<void>;
}

export async function openHome(timeScale = 20, extra: NodeJS.ProcessEnv = {}): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'taaf-home-'));
  const failpoints = join(folder, 'failpoints');
  await mkdir(failpoints);
  const env = {
    ...process.env,
    TAAF_HOME: folder,
    TAAF_TIME_SCALE: String(timeScale),
    TAAF_FAILPOINTS: failpoints,
    ...extra,
  };

  const taaf = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(process.execPath, [cli, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      });
    });
  const ours = () => processes().filter(({ pid }) => environmentOf(pid).includes(`TAAF_HOME=${folder}`));
  const status = async (season: string): Promise<SeasonStatus> => {
    const { stdout, stderr } = await taaf('status', season, '--json');
    if (stdout === '') throw new Error(`taaf status said nothing: ${stderr}`);
    return JSON.parse(stdout) as SeasonStatus;
  };

  const start = (...args: string[]) => spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' });

  return {
    folder,
    env,
    failpoints,
    taaf,
    status,
    spawn: start,
    async begin(season, ...args) {
      const child = start('submit', season, '--yes', ...args);
      let id: string | undefined;
      await until(() => {
        id = recordsIn(folder).find((record) => record.folder === season)?.season;
        return id !== undefined || child.exitCode !== null;
      }, `${season} to be on record`);
      if (id === undefined) throw new Error(`submit of ${season} ended with ${child.exitCode ?? '?'}`);
      return id;
    },
    async submit(season, ...args) {
      const ran = await taaf('submit', season, '--yes', '--json', ...args);
      if (ran.code !== 0) throw new Error(`submit ended with ${ran.code}: ${ran.stderr}`);
      return (JSON.parse(ran.stdout) as { season: string }).season;
    },
    async settled(season) {
      let last: SeasonStatus | undefined;
      await until(
        async () => {
          last = await status(season);
          return last.source !== 'records' && ['done', 'attention', 'cancelled'].includes(last.state);
        },
        `${season} to settle`,
        240_000,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${JSON.stringify(last, undefined, 1)}\n${logsOf(folder)}`);
      });
      if (!last) throw new Error('no status');
      return last;
    },
    arm: (failpoint, signal) => writeFile(join(failpoints, failpoint), signal ?? ''),
    async asleep() {
      let sleeper: number | undefined;
      await until(() => {
        sleeper = ours().find(({ isStopped }) => isStopped)?.pid;
        return sleeper !== undefined;
      }, 'somebody to come by the failpoint');
      return sleeper ?? 0;
    },
    wake: (...pids) => pids.forEach((pid) => send(pid, 'SIGCONT')),
    kill: (...pids) => pids.forEach((pid) => send(pid, 'SIGKILL')),
    pids: (word) =>
      ours()
        .filter(({ command }) => command.includes(word))
        .map(({ pid }) => pid),
    async close() {
      await until(() => {
        for (const { pid } of ours()) send(pid, 'SIGKILL');
        return ours().length === 0;
      });
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It ended while we looked.
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended while we looked, or its guardian was faster.
  }
}

interface Recorded {
  readonly season: string;
  readonly folder: string;
}

/** The seasons on record in a home; a record appears whole. */
function recordsIn(folder: string): Recorded[] {
  try {
    const seasons = join(folder, 'data', 'seasons');
    return readdirSync(seasons).flatMap((name) => {
      const file = join(seasons, name, 'record.json');
      return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Recorded] : [];
    });
  } catch {
    return [];
  }
}

/** The end of the worker's log: what a failed test is explained by. */
function logsOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'state', 'log', 'worker.log'), 'utf8')
      .split('\n')
      .slice(-25)
      .join('\n');
  } catch {
    return 'no log';
  }
}
