/** `taaf worker`: the worker's own program in this process, so that signals reach it as they come. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../config/package-root.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';

/** Never returns: the worker ends the process. */
export async function worker(_values: object, context: Context): Promise<ExitCode> {
  context.emit({ kind: 'note', text: 'The worker runs until Ctrl-C; what it was doing goes on with the next one.' });
  await import(pathToFileURL(join(packageRoot(), 'dist', 'worker.js')).href);
  return new Promise(() => undefined);
}
