/** `taaf setup`. */
import { loadConfig } from '../../config/load.js';
import { taafPaths } from '../../config/paths.js';
import type { Tools } from '../../domain/tools.js';
import { setup as install } from '../../toolchain/setup.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';

export async function setup(_values: object, context: Context): Promise<ExitCode> {
  const tools = await ready(context);
  context.result(tools, () =>
    Object.entries(tools)
      .map(([name, path]) => `${name.padEnd(8)}  ${String(path)}`)
      .join('\n'),
  );
  return 0;
}

/** The tools, installed at first need with visible progress. */
export async function ready(context: Context): Promise<Tools> {
  const { env, cwd, signal } = context;
  const paths = taafPaths(env);
  const { config } = await loadConfig({ paths, env, cwd });
  return install({
    paths,
    env,
    choices: config.tools,
    signal,
    report: (text) => context.emit({ kind: 'step', text }),
  });
}
