/** The processes of a machine, found by the mark in their environment, whoever started them and however detached they are. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Variable that every process of a machine inherits. */
export const MARK = 'TAAF_DOUBLE_MACHINE';

/** Living processes with that mark; a zombie is none. */
export async function marked(mark: string): Promise<number[]> {
  const wanted = `${MARK}=${mark}`;
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        // It may have ended meanwhile, or be somebody else's.
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
        return environment.split('\0').includes(wanted) ? Number(pid) : undefined;
      }),
  );
  return found.filter((pid) => pid !== undefined);
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
