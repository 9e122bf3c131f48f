/** How long an install takes and how much it puts on the disk, in a clone of what is committed. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/config/package-root.js';
import { run } from '../src/process/run.js';
import { megabytes, seconds, secondsOf, type Bench, type Row } from './bench.js';

export async function rows({ folder, signal, say }: Bench): Promise<Row[]> {
  say('an install');
  const clone = join(folder, 'clone');
  await run(['git', 'clone', '--quiet', '--depth', '1', `file://${packageRoot()}`, clone], { signal });
  const install = await secondsOf(() => run(['npm', 'ci', '--no-audit', '--no-fund'], { cwd: clone, signal }));
  return [
    { what: '`npm ci` with packages in npm’s cache, build included', figure: seconds(install) },
    { what: 'node_modules of a checkout', figure: megabytes(await bytesIn(join(clone, 'node_modules'))) },
    { what: 'dist', figure: megabytes(await bytesIn(join(clone, 'dist'))) },
  ];
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
  return (await Promise.all(files)).reduce((sum, { size }) => sum + size, 0);
}
