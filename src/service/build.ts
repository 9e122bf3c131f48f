/** Which build of TAAF a worker runs: an installed update, or a rebuilt checkout, is another one. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing } from '../disk/durable.js';

/** Names of chunks hold their hashes, so these two change with whatever the worker is made of. */
const TELLING = ['worker.js', 'workflows.js'];

/** @param folder that holds the bundles; sixteen hexadecimal digits */
export async function buildId(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of TELLING) hash.update((await readFile(join(folder, name)).catch(ignoreMissing)) ?? '');
  return hash.digest('hex').slice(0, 16);
}
