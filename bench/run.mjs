// `npm run bench`: builds the bench beside the checkout's packages, runs it, and takes it away again.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const folder = await mkdtemp(join(root, 'node_modules', '.taaf-bench-'));
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/main.ts', 'bench/world-worker.ts', 'bench/transfer.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  // ONNX Runtime’s thread is started from its file, beside whichever bundle holds session.ts.
  await copyFile(join(root, 'src/models/ort-thread.mjs'), join(folder, 'ort-thread.mjs'));
  const { main } = await import(join(folder, 'main.mjs'));
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await rm(folder, { recursive: true, force: true });
}
