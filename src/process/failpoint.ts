/** Named places at which the crash tests end a process as kill -9 does. Off, and free, unless `TAAF_FAILPOINTS` names a folder. */
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';

export type Failpoint = 'upload' | 'restore' | 'segment' | 'download' | 'join' | 'deliver';

/** Dies if a file of that name is in the folder: the file goes first, so it happens once. */
export function failpoint(name: Failpoint): void {
  const folder = process.env['TAAF_FAILPOINTS'];
  if (!folder) return;
  try {
    unlinkSync(join(folder, name));
  } catch {
    // Not armed.
    return;
  }
  process.kill(process.pid, 'SIGKILL');
}
