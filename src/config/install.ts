/** The random id of this installation: it separates its names from those of other computers that share an account or a folder. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably } from '../disk/durable.js';
import type { TaafPaths } from './paths.js';

/** Sixteen hexadecimal digits, made at first need; of concurrent first callers all get the same. */
export async function installId(paths: TaafPaths): Promise<string> {
  const file = join(paths.data, 'install-id');
  await createDurably(file, `${randomBytes(8).toString('hex')}\n`);
  return (await readFile(file, 'utf8')).trim();
}
