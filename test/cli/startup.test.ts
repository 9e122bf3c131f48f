import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let metafile: Metafile;

beforeAll(async () => {
  const result = await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [
      '@temporalio/worker',
      '@temporalio/core-bridge',
      '@temporalio/activity',
      'fs-native-extensions',
      'onnxruntime-node',
    ],
    metafile: true,
    logLevel: 'warning',
  });
  metafile = result.metafile;
});

/** Packages and files of ours that are loaded before any command's action is. */
function loadedAtStart(): { readonly packages: ReadonlySet<string>; readonly own: ReadonlySet<string> } {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const own = new Set<string>();
  const visit = (output: string): void => {
    if (seen.has(output)) return;
    seen.add(output);
    const chunk = metafile.outputs[output];
    for (const input of Object.keys(chunk?.inputs ?? {})) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
      if (name === undefined) own.add(input);
      else packages.add(name);
    }
    for (const { path, kind, external } of chunk?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (external !== true) visit(path);
      else if (!path.startsWith('node:') && !builtinModules.includes(path)) packages.add(path);
    }
  };
  visit('dist/cli.js');
  return { packages, own };
}

describe('what `taaf --help` loads', () => {
  it('is the parser, the texts, and no action', () => {
    const { packages, own } = loadedAtStart();
    expect(packages).toContain('yargs');
    expect(own).toContain('src/cli/commands/submit.ts');
    expect([...own].filter((file) => /src\/cli\/(actions|checks|client)/.test(file))).toEqual([]);
  });

  it('is neither Temporal nor zod, nor anything of AWS, nor ONNX', () => {
    const { packages } = loadedAtStart();
    expect(
      [...packages].filter((name) => /^(@temporalio|@aws-sdk|zod|yaml|execa|onnxruntime|fs-native)/.test(name)),
    ).toEqual([]);
  });

  it('has every action behind a lazy import of its own', () => {
    const lazy = Object.values(metafile.outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
    for (const name of [
      'submit',
      'plan',
      'watch',
      'list',
      'logs',
      'why',
      'retry',
      'cancel',
      'pause',
      'up',
      'worker',
      'setup',
      'doctor',
    ])
      expect(lazy).toContain(`src/cli/actions/${name}.ts`);
  });
});
