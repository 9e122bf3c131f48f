/** `taaf up` and `taaf down`: server and worker in the background. */
import { dirname, join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { taafPaths } from '../../config/paths.js';
import { configuredPlace, temporalPlace } from '../../connection/place.js';
import { buildId } from '../../service/build.js';
import { down as stop, up as start, type ControlOptions } from '../../service/control.js';
import { installServices, removeServices, servicesStatus } from '../../service/install.js';
import { launcher } from '../../service/launch.js';
import { seasonPlaces, seasonRegistry } from '../../seasons/registry.js';
import { runningAgents } from '../agents.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { ready } from './setup.js';

interface Values {
  readonly service: 'install' | 'remove' | 'status' | undefined;
}

const program = (): string => join(packageRoot(), 'dist', 'service.js');

export async function up({ service }: Values, context: Context): Promise<ExitCode> {
  if (service !== undefined) return services(service, context);
  await bringUp(context);
  const place = await temporalPlace(context.env);
  const { address, namespace, uiAddress, embedded } = place ?? {};
  const ui = uiAddress === undefined ? '' : `\nWeb UI: ${uiAddress}`;
  context.result(
    { address, namespace, uiAddress, embedded },
    () => `Temporal and the worker run: ${address ?? ''}, namespace ${namespace ?? ''}${ui}`,
  );
  return 0;
}

/** Starts what does not run; where Temporal is elsewhere, only the worker. */
export async function bringUp(context: Context): Promise<void> {
  await ready(context);
  const options = controlOptions(context);
  const launch = launcher(options.paths, program(), context.env);
  await start({ ...options, launch, build: await buildId(dirname(program())) });
}

export async function down(_values: object, context: Context): Promise<ExitCode> {
  const agents = await agentsOf(context);
  await stop({ ...controlOptions(context), agents });
  context.result({ running: false, agents }, () => 'Temporal and the worker are stopped; seasons go on with: taaf up');
  return 0;
}

function controlOptions(context: Context): ControlOptions {
  const isElsewhere = configuredPlace(context.env) !== undefined;
  return {
    paths: taafPaths(context.env),
    roles: isElsewhere ? ['worker'] : ['server', 'worker'],
    report: (text) => context.emit({ kind: 'step', text }),
    signal: context.signal,
  };
}

async function agentsOf({ env }: Context): Promise<number> {
  const records = await seasonRegistry(taafPaths(env).data).list();
  const counts = await Promise.all(
    records.map(({ work, season }) => runningAgents(seasonPlaces(work, season).machines)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function services(action: NonNullable<Values['service']>, context: Context): Promise<ExitCode> {
  const report = (text: string): void => context.emit({ kind: 'step', text });
  if (action === 'install') {
    await ready(context);
    // What runs without the services would hold their locks.
    await stop({ ...controlOptions(context), agents: 0 });
    await installServices({ program: program(), env: context.env, report });
  }
  if (action === 'remove') await removeServices({ env: context.env, report });
  const status = await servicesStatus(context.env);
  context.result(status, () =>
    status.services
      .map(({ role, file, active }) => `${role}: ${active ? 'running' : 'not running'}, ${file ?? 'not installed'}`)
      .join('\n'),
  );
  return 0;
}
