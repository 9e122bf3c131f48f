/** Named places at which the crash tests kill a process or put it to sleep. Off, and free, unless `TAAF_FAILPOINTS` names a folder. */
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

export type Failpoint =
  | 'copy'
  | 'upload'
  | 'restore'
  | 'segment'
  | 'download'
  | 'join'
  | 'replace'
  | 'deliver'
  | 'launch-written'
  | 'launch-answered'
  | 'launch-noted'
  | 'release-written'
  | 'release-ended';

/** Sends itself the signal that a file of that name in the folder holds, SIGKILL if it is empty. The file goes first: it happens once. */
export function failpoint(name: Failpoint): void {
  const folder = process.env['TAAF_FAILPOINTS'];
  if (!folder) return;
  const path = join(folder, name);
  let signal: string;
  try {
    signal = readFileSync(path, 'utf8');
    unlinkSync(path);
  } catch {
    // Not armed, or another process came by first.
    return;
  }
  process.kill(process.pid, signal === '' ? 'SIGKILL' : signal);
}
