/** The processes of a machine, found by the mark in their environment, whoever started them and however detached they are. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Variable that every process of a machine inherits. */
export const MARK = 'TAAF_DOUBLE_MACHINE';

/** The mark of a machine names the double that runs it. */
export const markOf = (instanceId: string): string => `${process.pid}-${instanceId}`;

/** Living processes with that mark; a zombie is none. */
export async function marked(mark: string): Promise<number[]> {
  return (await all()).filter((each) => each.mark === mark).map(({ pid }) => pid);
}

/** Processes of machines whose double was killed before it could end them. */
export async function killAbandoned(): Promise<void> {
  for (const { mark } of await all()) if (!exists(Number(mark.split('-')[0]))) await killMarked(mark);
}

async function all(): Promise<{ readonly pid: number; readonly mark: string }[]> {
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        // It may have ended meanwhile, or be somebody else's.
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
        const variable = environment.split('\0').find((each) => each.startsWith(`${MARK}=`));
        return variable === undefined ? [] : [{ pid: Number(pid), mark: variable.slice(MARK.length + 1) }];
      }),
  );
  return found.flat();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Kills until nothing is left: a process may fork while it is looked for. */
export async function killMarked(mark: string): Promise<void> {
  for (;;) {
    const pids = await marked(mark);
    if (pids.length === 0) return;
    for (const pid of pids)
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    await pause(5);
  }
}
