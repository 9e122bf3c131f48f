/** Reads this computer's settings and tools, and makes the ports of them. */
import { dirname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import type { Client } from '@temporalio/client';
import type { Ports } from '../activities/ports.js';
import { loadConfig } from '../config/load.js';
import { packageRoot } from '../config/package-root.js';
import { taafPaths, type Env, type TaafPaths } from '../config/paths.js';
import { timeScaleOf } from '../domain/durations.js';
import { detachedArgv } from '../service/detached.js';
import { locateTools } from '../toolchain/locate.js';
import { findRuntime } from '../toolchain/onnxruntime.js';
import { learner } from './learner.js';
import { teller } from './teller.js';
import { wire } from './wiring.js';

export async function settle(env: Env, client: Client): Promise<{ readonly ports: Ports; readonly paths: TaafPaths }> {
  const paths = taafPaths(env);
  const { config } = await loadConfig({ paths, env, cwd: paths.data });
  const tools = await locateTools(paths, config.tools, env);
  const runtime = await findRuntime(paths);
  const ports = wire({
    paths,
    tools,
    client,
    timeScale: timeScaleOf(env),
    models: [join(packageRoot(), 'assets', 'models'), join(paths.data, 'models')],
    onnxRuntime: runtime === undefined ? undefined : dirname(runtime),
    learn: learner(paths),
    detached: (argv, unit) => detachedArgv(argv, unit, env),
    send: teller(paths, tools, env),
    version: manifest.version,
  });
  return { ports, paths };
}
