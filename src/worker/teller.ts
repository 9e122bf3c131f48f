/** Tells people how a season stands: whom, its own settings and the user's say at that moment. */
import { join } from 'node:path';
import type { Ports } from '../activities/ports.js';
import { loadConfig } from '../config/load.js';
import { packageRoot } from '../config/package-root.js';
import type { Env, TaafPaths } from '../config/paths.js';
import type { Tools } from '../domain/tools.js';
import { notifyOnce } from '../notify/once.js';
import { seasonRegistry } from '../seasons/registry.js';
import { detachedArgv } from '../service/detached.js';

export function teller(paths: TaafPaths, tools: Pick<Tools, 'apprise'>, env: Env): Ports['send'] {
  const registry = seasonRegistry(paths.data);
  const program = [process.execPath, join(packageRoot(), 'dist', 'notify.js')];
  return async ({ id, season, title, body }) => {
    const record = await registry.record(season);
    const ofSeason = record === undefined ? {} : { season: record.folder };
    const { config } = await loadConfig({ paths, env, cwd: paths.data, ...ofSeason });
    const folder = join(registry.folder(season), 'notices');
    const sender = detachedArgv(program, `taaf-notice-${id}`, env);
    const outcomes = await notifyOnce({ folder, id, tools, urls: config.notify, title, body, sender });
    return outcomes.flatMap(({ failure }) => failure ?? []);
  };
}
