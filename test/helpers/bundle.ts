/** Builds single entries of src/ (or of a test's fixtures) into runnable files, for tests that need a program of their own to kill. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Under the run's own folder, which `prepare.ts` removes at the end of the run. */
const folder = join(root, 'node_modules', '.taaf-test', String(process.ppid), String(process.pid));

/** Path of the program: inside the checkout, so that it finds packages and assets. */
export async function bundle(entry: string, name = basename(entry, '.ts')): Promise<string> {
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
