/** A home of TAAF's own: the real binary with its own folders, server, worker and agents; everything of it is found and ended again. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  status(season: string): Promise<SeasonStatus>;
  /** Submits and returns the season's id. @throws when it does not start */
  submit(folder: string, ...args: string[]): Promise<string>;
  /** Waits until nothing goes on by itself any more. */
  settled(season: string): Promise<SeasonStatus>;
  arm(failpoint: string): Promise<void>;
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

  return {
    folder,
    env,
    failpoints,
    taaf,
    status,
    spawn: (...args) => spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' }),
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
    arm: (failpoint) => writeFile(join(failpoints, failpoint), ''),
    pids: (word) =>
      ours()
        .filter(({ command }) => command.includes(word))
        .map(({ pid }) => pid),
    async close() {
      await until(() => {
        for (const { pid } of ours()) tryKill(pid);
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

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended while we looked.
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
