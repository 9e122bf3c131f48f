/** Runs once before all tests: the toolchain that `taaf setup` makes, kept in `.cache/` between runs. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { taafPaths } from '../../src/config/paths.js';
import { readMarker, toolchainFolder } from '../../src/toolchain/marker.js';
import { setup as setupTools } from '../../src/toolchain/setup.js';

export async function setup(): Promise<void> {
  process.env['NO_COLOR'] = '1';
  if (process.env['TAAF_TOOLCHAIN']) return;
  const paths = taafPaths({ TAAF_HOME: join(import.meta.dirname, '..', '..', '.cache', 'taaf') });
  await setupTools({
    paths,
    env: {},
    choices: { ffmpeg: 'auto', temporal: 'auto' },
    report: (line) => console.log(line),
  });
  const toolchain = await readMarker(await toolchainFolder(paths));
  process.env['TAAF_TOOLCHAIN'] = toolchain?.venv ?? '';
}

/** Runs once after all tests: the programs that `bundle()` built go. */
export async function teardown(): Promise<void> {
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.taaf-test', String(process.pid));
  await rm(folder, { recursive: true, force: true });
}
