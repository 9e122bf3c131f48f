/** A TAAF home of its own with the real supervisor, the real server and a worker in small. */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taafPaths } from '../../src/config/paths.js';
import type { TaafPaths } from '../../src/config/paths.js';
import { buildId } from '../../src/service/build.js';
import { down } from '../../src/service/control.js';
import type { UpOptions } from '../../src/service/control.js';
import { launcher } from '../../src/service/launch.js';
import { roles } from '../../src/service/places.js';
import type { Role } from '../../src/service/places.js';
import { bundle } from '../helpers/bundle.js';
import { tools } from '../helpers/tools.js';

export interface Harness {
  readonly home: string;
  readonly paths: TaafPaths;
  readonly program: string;
  readonly told: string[];
  readonly options: (which?: readonly Role[]) => UpOptions;
  /** Process ids that the worker in small has written: its own, its child's, its agent's; one line per start. */
  readonly workers: () => Promise<number[][]>;
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function harness(): Promise<Harness> {
  const home = await mkdtemp(join(tmpdir(), 'taaf-service-'));
  const paths = taafPaths({ TAAF_HOME: home });
  const program = await bundle('src/service/main.ts', 'service');
  await copyFile(fileURLToPath(new URL('fixtures/worker.mjs', import.meta.url)), join(dirname(program), 'worker.js'));
  const env = { ...process.env, TAAF_HOME: home, TAAF_TOOLCHAIN: dirname(dirname(tools.temporal)) };
  const told: string[] = [];
  const report = (line: string) => void told.push(line);
  const build = await buildId(dirname(program));
  const options = (which = roles as readonly Role[]): UpOptions => ({
    paths,
    roles: which,
    build,
    report,
    launch: launcher(paths, program, env),
  });
  const workers = async () =>
    (await readFile(join(home, 'started'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
  const stop = () => down({ paths, roles, report, agents: 0 });
  const close = async () => {
    await stop();
    await rm(home, { recursive: true, maxRetries: 10 });
  };
  return { home, paths, program, told, options, workers, stop, close };
}

/** Whether a process lives; one that waits to be reaped does not. */
export function lives(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .startsWith('Z');
  } catch {
    return false;
  }
}

/** Process ids of children of a process. */
export function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
}
