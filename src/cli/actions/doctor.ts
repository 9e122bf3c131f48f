/** `taaf doctor`, and the part of it that is printed under a failure by itself. */
import { loadConfig } from '../../config/load.js';
import { taafPaths } from '../../config/paths.js';
import { temporalPlace } from '../../connection/place.js';
import { Failure, type FailureKind } from '../../domain/failures.js';
import { locateTools } from '../../toolchain/locate.js';
import { checkAws } from '../checks/aws-tools.js';
import { checkCores, checkDisk, checkNode } from '../checks/computer.js';
import { findingsOf, type Check, type Computer } from '../checks/check.js';
import { checkBackend } from '../checks/engine.js';
import { checkSettings } from '../checks/settings.js';
import { checkTemporal } from '../checks/temporal.js';
import { checkTools } from '../checks/tools.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { patiently } from '../patience.js';
import { doctorView, type Finding } from '../views/doctor.js';

const checks: Readonly<Record<string, Check>> = {
  Node: checkNode,
  cores: checkCores,
  tools: checkTools,
  GPU: checkBackend,
  disk: checkDisk,
  Temporal: checkTemporal,
  AWS: checkAws,
  settings: checkSettings,
};

/** Exit code 1 when something is bad. */
export async function doctor(_values: object, context: Context): Promise<ExitCode> {
  const findings = await patiently(context, 'Looking at this computer', () => examine(context));
  context.result({ findings, ...(await facts(context)) }, (look) => doctorView(findings, look));
  return findings.some(({ state }) => state === 'bad') ? 1 : 0;
}

/** Paths and addresses for programs; absent what is not there. */
async function facts({ env, cwd }: Context): Promise<object> {
  const paths = taafPaths(env);
  const unknown = (error: unknown): undefined => {
    if (!(error instanceof Failure)) throw error;
  };
  const settings = await loadConfig({ paths, env, cwd }).catch(unknown);
  const tools = settings && (await locateTools(paths, settings.config.tools, env).catch(unknown));
  const place = await temporalPlace(env).catch(unknown);
  // The connection's options hold keys: they are not printed.
  const temporal = place && { address: place.address, namespace: place.namespace, uiAddress: place.uiAddress };
  return { paths, tools, temporal };
}

/** Failures behind which the computer itself may be the cause. */
const ofTheComputer: ReadonlySet<FailureKind> = new Set(['tool-missing', 'temporal-unreachable', 'disk-full', 'bug']);

/** What is not well here, for a failure that this may explain; empty where nothing is wrong. */
export async function explain(kind: FailureKind, context: Context): Promise<string> {
  if (!ofTheComputer.has(kind)) return '';
  const findings = (await examine(context)).filter(({ state }) => state !== 'ok');
  return findings.length === 0 ? '' : doctorView(findings, context.messages);
}

async function examine(context: Context): Promise<readonly Finding[]> {
  const { env, cwd } = context;
  const paths = taafPaths(env);
  let computer: Computer | undefined;
  const settings = await findingsOf('settings', async () => {
    computer = { context, paths, settings: await loadConfig({ paths, env, cwd }) };
    return [];
  });
  if (computer === undefined) return settings;
  const known = computer;
  const found = await Promise.all(Object.entries(checks).map(([name, check]) => findingsOf(name, () => check(known))));
  return found.flat();
}
