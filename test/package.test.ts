import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameHashes } from './helpers/frame-hashes.js';
import { FRAMES, resultsIn, smallSeason } from './e2e/season.js';

const exec = promisify(execFile);
const checkout = join(import.meta.dirname, '..');
let root: string;
let elsewhere: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-package-'));
  elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  env = { ...process.env, TAAF_HOME: join(root, 'home'), NO_COLOR: '1' };
});
afterAll(async () => {
  await taaf('down');
  await rm(root, { recursive: true, force: true });
});

const taaf = async (...args: string[]): Promise<string> =>
  (await exec('npx', ['--no', '--', 'taaf', ...args], { cwd: elsewhere, env, maxBuffer: 1 << 26 })).stdout;

describe('the package', () => {
  it('holds what runs, and nothing that only builds or tests it', async () => {
    const { stdout } = await exec('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', root], {
      cwd: checkout,
    });
    const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    const folders = new Set(packed.files.map(({ path }) => path.split('/')[0]));
    expect([...folders].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'ansible',
      'assets',
      'dist',
      'docs',
      'package.json',
    ]);
    for (const name of ['cli', 'worker', 'agent', 'service', 'notify', 'workflows']) {
      expect(packed.files.map(({ path }) => path)).toContain(`dist/${name}.js`);
    }
    await writeFile(join(elsewhere, 'package.json'), '{"private":true}');
    await exec('npm', ['install', '--no-audit', '--no-fund', join(root, packed.filename)], { cwd: elsewhere });
    const version = (JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as { version: string }).version;
    expect((await taaf('--version')).trim()).toBe(version);
  });

  it('needs no package at run time that it does not bring or name exactly', async () => {
    const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      optionalDependencies: Record<string, string>;
    };
    const named = { ...manifest.dependencies, ...manifest.optionalDependencies };
    expect(Object.values(named).filter((range) => !/^\d/.test(range))).toEqual([]);
  });

  it('upscales a season where it was installed', async () => {
    const season = await smallSeason(root, 'season', 1);
    const out = join(root, 'out');
    await taaf('submit', season.folder, '--profile', season.profile, '--out', out, '--yes', '--watch');
    expect(await resultsIn(out)).toEqual([...season.results]);
    expect(await frameHashes(join(out, season.results[0] ?? ''))).toHaveLength(FRAMES);
  });

  it('runs from the checkout as well', async () => {
    const { stdout } = await exec('npx', ['--no', '--', 'taaf', '--help'], { cwd: checkout, env });
    expect(stdout).toContain('submit');
  });
});
