// Builds dist/: one split esbuild bundle for the programs, and the workflow bundle that the worker loads (no webpack at run time).
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = new URL('..', import.meta.url).pathname;
const dist = `${root}dist`;
const entries = ['cli', 'worker', 'agent', 'service', 'notify'];

/** What is native, or finds its own files beside itself, stays a package; everything else is inside the bundle. */
const external = [
  '@temporalio/worker',
  '@temporalio/core-bridge',
  '@temporalio/activity',
  'fs-native-extensions',
  'onnxruntime-node',
];

const result = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(entries.map((name) => [name, `src/${name}/main.ts`])),
  outdir: 'dist',
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // A CommonJS package that is loaded when it is wanted has no named exports in a split bundle; the AWS SDK has both forms.
  mainFields: ['module', 'main'],
  external,
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages inside an ES module bundle still call require().
  banner: {
    js: "import { createRequire as taafRequire } from 'node:module'; const require = taafRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const silent = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} };
const { code } = await bundleWorkflowCode({ workflowsPath: `${root}src/workflows/index.ts`, logger: silent });
// ONNX Runtime’s thread is started from its file, beside whichever bundle holds session.ts.
const thread = await readFile(`${root}src/models/ort-thread.mjs`);

const files = new Map(result.outputFiles.map(({ path, contents }) => [relative(dist, path), contents]));
files.set('ort-thread.mjs', thread).set('chunks/ort-thread.mjs', thread);
files.set('workflows.js', Buffer.from(code)).set('meta.json', Buffer.from(JSON.stringify(result.metafile)));
files.set('agent-files.json', Buffer.from(JSON.stringify(loadedBy('agent.js'))));
for (const [name, contents] of files) await replace(join(dist, name), contents);
await removeStrangers();

/** A program's file and every chunk that it may load, now or later: what a machine's kit needs of dist/. */
function loadedBy(program) {
  const found = new Set([`dist/${program}`]);
  for (const output of found)
    for (const { path, external } of result.metafile.outputs[output].imports) if (!external) found.add(path);
  const names = [...found].map((path) => relative('dist', path));
  return [...names, 'ort-thread.mjs', 'chunks/ort-thread.mjs'].sort();
}

/** Whole and at once, and only where something changed: programs may be running from here. */
async function replace(path, contents) {
  const now = await readFile(path).catch(() => undefined);
  if (now && Buffer.compare(now, contents) === 0) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}.new`, contents);
  await rename(`${path}.${process.pid}.new`, path);
  if (path.endsWith('cli.js')) await chmod(path, 0o755);
}

async function removeStrangers() {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !path.endsWith('.new') && !files.has(relative(dist, path))) await rm(path, { force: true });
  }
}
