/** The bench: the wanted groups, one table, the machine above it. Nothing is asserted; compare figures of one run only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/config/package-root.js';
import { taafPaths } from '../src/config/paths.js';
import { readMarker, toolchainFolder } from '../src/toolchain/marker.js';
import { setup } from '../src/toolchain/setup.js';
import { toolsIn } from '../src/toolchain/venv.js';
import type { Bench, Group, Row } from './bench.js';
import * as engine from './engine.js';
import * as install from './install.js';
import * as s3 from './s3.js';
import * as seasons from './seasons.js';
import * as startup from './startup.js';
import * as submit from './submit.js';

const groups: Readonly<Record<string, Group>> = {
  startup: startup.rows,
  engine: engine.rows,
  submit: submit.rows,
  seasons: seasons.rows,
  s3: s3.rows,
  install: install.rows,
};

/** @returns the exit code: 0, 2 for a group that there is not, 130 after Ctrl-C */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !(name in groups));
  if (unknown.length > 0) {
    console.error(`There is no group ${unknown.join(', ')}: choose from ${Object.keys(groups).join(', ')}`);
    return 2;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  const venv = await toolchain();
  setEnvironment(venv);
  const folder = await mkdtemp(join(tmpdir(), 'taaf-bench-'));
  const say = (line: string): void => console.error(line);
  try {
    const tools = await toolsIn(venv);
    const bench: Bench = { tools, folder, signal: stop.signal, say };
    console.log(`${machine()}\n\n| what | figure | goal |\n| --- | --- | --- |`);
    for (const [name, rows] of Object.entries(groups)) {
      if (names.length === 0 || names.includes(name)) print(await rows(bench));
    }
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 130;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function print(rows: readonly Row[]): void {
  for (const { what, figure, goal } of rows) console.log(`| ${what} | ${figure} | ${goal ?? ''} |`);
}

/** The toolchain that the tests use, made at first need, or the one that TAAF_TOOLCHAIN names. */
async function toolchain(): Promise<string> {
  const given = process.env['TAAF_TOOLCHAIN'];
  if (given) return given;
  const paths = taafPaths({ TAAF_HOME: join(packageRoot(), '.cache', 'taaf') });
  const choices = { ffmpeg: 'auto', temporal: 'auto' };
  await setup({ paths, env: {}, choices, report: (line) => console.error(line) });
  return (await readMarker(await toolchainFolder(paths)))?.venv ?? '';
}

/** No settings of TAAF and Temporal from outside reach the programs: the bench measures what everybody gets. */
function setEnvironment(venv: string): void {
  for (const name of Object.keys(process.env))
    if (/^(TAAF|TEMPORAL)_/.test(name)) Reflect.deleteProperty(process.env, name);
  process.env['TAAF_TOOLCHAIN'] = venv;
}

function machine(): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const [first] = cpus();
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${memory} GiB, Node ${process.version}`;
}
