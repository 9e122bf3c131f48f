/** Windows programs on this computer, where Wine is: a prefix of its own, its programs, and what of them lives. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processes } from '../helpers/processes.js';

const exec = promisify(execFile);
const places = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine', '/usr/local/bin/wine'];

/** Path of Wine, or undefined where it is not installed (Debian: apt-get install wine64). */
export const wine = places.find(existsSync);

export interface Windows {
  /** Folder that Windows programs see as `C:\`. */
  readonly c: string;
  /** Starts a program; all its streams are files, since Node.js cannot use Wine's console. */
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** Process numbers, as Linux counts, of the running programs whose command line has this text. */
  running(text: string): number[];
  /** Whether one of them has computed for a while: Node.js starts a program asleep, and wakes it when it is in the job that ends with it. */
  computing(text: string): boolean;
  close(): Promise<void>;
}

export async function openWindows(folder: string): Promise<Windows> {
  const prefix = join(folder, 'prefix');
  mkdirSync(prefix, { recursive: true });
  // NODE_SKIP_PLATFORM_CHECK: Wine calls itself an older Windows than Node.js supports.
  const own = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', NODE_SKIP_PLATFORM_CHECK: '1' };
  const program = wine ?? 'wine';
  const running = (text: string): number[] =>
    processes()
      .filter(({ pid, command }) => command.includes(text) && isOurs(pid, prefix))
      .map(({ pid }) => pid);
  await exec(program, ['wineboot', '-i'], { env: own });
  return {
    c: join(prefix, 'drive_c'),
    start(argv, env = {}) {
      const errors = openSync(join(folder, 'errors'), 'a');
      return spawn(program, argv, { env: { ...own, ...env }, cwd: folder, stdio: ['ignore', errors, errors] });
    },
    running,
    computing: (text) => running(text).some((pid) => ticksOf(pid) > 20),
    async close() {
      await exec(join(program, '..', 'wineserver'), ['-k'], { env: own }).catch(() => undefined);
    },
  };
}

/** CPU time of a process in hundredths of a second: the fields `utime` and `stime` of proc(5). */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11);
    return Number(user) + Number(system);
  } catch {
    return 0;
  }
}

function isOurs(pid: number, prefix: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`WINEPREFIX=${prefix}`);
  } catch {
    // It ended while we looked.
    return false;
  }
}
