/** Programs that must live on when the worker's service is stopped. */
import type { Env } from '../config/paths.js';

/** Set in the units that TAAF writes: the manager ends everything in their control group. */
export const UNIT_VARIABLE = 'TAAF_UNIT';

/** argv as it is, or inside a scope of its own where the caller is a systemd unit. `unit` names the scope. */
export const detachedArgv = (argv: readonly string[], unit: string, env: Env): readonly string[] =>
  env[UNIT_VARIABLE] === undefined
    ? argv
    : ['systemd-run', '--user', '--scope', '--collect', '--quiet', `--unit=${unit}`, '--', ...argv];
