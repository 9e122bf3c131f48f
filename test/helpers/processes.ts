/** What runs on this computer, as the tests need to know it. */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessFact {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
  /** It was put to sleep by a signal. */
  readonly isStopped: boolean;
}

/** All processes that are more than zombies. */
export function processes(): ProcessFact[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, , group] = status.slice(status.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return state === 'Z' || state === 'X'
          ? []
          : [{ pid: Number(name), group: Number(group), command, isStopped: state === 'T' }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** Whether any process of this group is left. */
export const groupLives = (group: number | undefined): boolean => processes().some((one) => one.group === group);
