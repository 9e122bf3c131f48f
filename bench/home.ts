/** A home of TAAF's own: the real binary with its own folders, server, worker and agents, which all end with it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/config/package-root.js';
import type { Delivery } from '../src/domain/season.js';
import { run } from '../src/process/run.js';
import type { SeasonRecord } from '../src/seasons/registry.js';
import type { Bench } from './bench.js';

export const cli = join(packageRoot(), 'dist', 'cli.js');

/** What is left behind after so long is left to the user; its commands say what it is. */
const END_LIMIT_MS = 60_000;

export interface Home {
  readonly folder: string;
  /** What makes a program use this home, besides the environment that it has anyway. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command and returns its standard output. @throws Failure when it does not end well */
  taaf(...args: readonly string[]): Promise<string>;
  /** When the season of a folder was handed over and when its last episode was delivered, in milliseconds since the epoch. */
  times(folder: string): Promise<{ readonly submitted: number; readonly delivered: number }>;
  /** Cancels what still runs, and ends server and worker. */
  close(): Promise<void>;
}

export function openHome({ folder: root, signal }: Bench, name: string, own: Record<string, string> = {}): Home {
  const folder = join(root, name);
  const env = { ...own, TAAF_HOME: folder };
  const call = async (args: readonly string[], until: AbortSignal): Promise<string> =>
    (await run([process.execPath, cli, ...args], { env, signal: until })).stdout;
  const seasons = join(folder, 'data', 'seasons');
  return {
    folder,
    env,
    taaf: (...args) => call(args, signal),
    async times(season) {
      const records = await Promise.all(
        (await readdir(seasons)).map((id) => json<SeasonRecord>(seasons, id, 'record.json')),
      );
      const record = records.find((one) => one.folder === season);
      if (!record) throw new Error(`${season} is not on record`);
      const results = join(seasons, record.season, 'results');
      const delivered = await Promise.all((await readdir(results)).map((file) => json<Delivery>(results, file)));
      return { submitted: record.submittedAt, delivered: Math.max(...delivered.map(({ deliveredAt }) => deliveredAt)) };
    },
    async close() {
      const limit = AbortSignal.timeout(END_LIMIT_MS);
      const cancelled = await call(['cancel', '--discard'], limit).catch(() => undefined);
      if (cancelled !== undefined) await call(['watch'], limit).catch(() => undefined);
      await call(['down'], limit);
    },
  };
}

const json = async <T>(...path: readonly string[]): Promise<T> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as T;

/** Opens a home for an act and closes it whatever happens. */
export async function withHome<T>(
  bench: Bench,
  name: string,
  act: (home: Home) => Promise<T>,
  own: Record<string, string> = {},
): Promise<T> {
  const home = openHome(bench, name, own);
  try {
    return await act(home);
  } finally {
    await home.close();
  }
}
