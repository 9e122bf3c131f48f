/** `taaf up --service install|remove|status`: server and worker as services of the user, so that a reboot resumes by itself. */
import { rm } from 'node:fs/promises';
import type { Env } from '../config/paths.js';
import { writeDurably } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { run } from '../process/run.js';
import { isInstalled, serviceManager } from './manager.js';
import type { ServiceManager } from './manager.js';
import { roles } from './places.js';
import type { Role } from './places.js';
import { STOP_SECONDS } from './units.js';

export interface ServiceOptions {
  /** Absolute path of TAAF's `service.js`. */
  readonly program: string;
  readonly env: Env;
  readonly report: (line: string) => void;
}

export interface ServiceStatus {
  readonly role: Role;
  /** Path of the unit or plist; undefined when it is not installed. */
  readonly file: string | undefined;
  readonly active: boolean;
}

export interface ServicesStatus {
  readonly manager: ServiceManager['name'];
  readonly services: readonly ServiceStatus[];
  /** Whether they run on when the user logs out; undefined where there is nothing to ask. */
  readonly lingers: boolean | undefined;
}

/** What the services must know of the environment that they were installed from. */
const kept = [
  'PATH',
  'TAAF_HOME',
  'TAAF_TOOLCHAIN',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
];

/**
 * Writes and starts the services. What ran without them should have been stopped before.
 * @throws Failure `unsupported` where the user has no service manager (containers, some remote sessions)
 */
export async function installServices({ program, env, report }: ServiceOptions): Promise<void> {
  const manager = await requireManager(env);
  const facts = { node: process.execPath, program, env: keptOf(env), stopSeconds: STOP_SECONDS };
  for (const role of roles) {
    await writeDurably(manager.file(role), manager.text(role, facts));
    report(`Wrote ${manager.file(role)}`);
  }
  for (const argv of manager.install) await act(argv);
  report('Server and worker run now, and again after every start of the computer');
  if (manager.linger) report(await enableLinger(manager.linger.enable));
}

const keptOf = (env: Env): Record<string, string> =>
  Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

async function enableLinger(argv: readonly string[]): Promise<string> {
  try {
    await act(argv);
    return 'They keep running when you log out (lingering is on)';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const why = error.evidence ?? error.message;
    return `They end when you log out, since lingering could not be enabled (${why}). As administrator: ${argv.join(' ')}`;
  }
}

/** Stops and removes the services. */
export async function removeServices({ env, report }: Omit<ServiceOptions, 'program'>): Promise<void> {
  const manager = await requireManager(env);
  const { services } = await servicesStatus(env);
  if (services.every(({ file }) => file === undefined)) {
    report('No services are installed');
    return;
  }
  for (const argv of manager.remove) await act(argv);
  for (const { file } of services) {
    if (file === undefined) continue;
    await rm(file, { force: true });
    report(`Removed ${file}`);
  }
  for (const argv of manager.forget) await act(argv);
}

/** What is installed and what of it runs. */
export async function servicesStatus(env: Env): Promise<ServicesStatus> {
  const manager = await requireManager(env);
  const services = await Promise.all(
    roles.map(async (role) => ({
      role,
      file: (await isInstalled(manager, role)) ? manager.file(role) : undefined,
      active: await endsWell(manager.isActive(role)),
    })),
  );
  const lingers =
    manager.linger &&
    (await run(manager.linger.ask).then(
      ({ stdout }) => stdout.trim() === 'yes',
      () => false,
    ));
  return { manager: manager.name, services, lingers };
}

async function requireManager(env: Env): Promise<ServiceManager> {
  const manager = serviceManager(env);
  if (manager && (await endsWell(manager.probe))) return manager;
  throw new Failure('unsupported', 'There is no service manager for your user here (systemd or launchd)', {
    next: 'Start TAAF with taaf up after every start of the computer',
  });
}

const act = (argv: readonly string[]): Promise<unknown> =>
  run(argv, {
    failure: {
      kind: 'unsupported',
      what: `${argv.slice(0, 3).join(' ')} failed`,
      next: 'Run: taaf up --service status',
    },
  });

async function endsWell(argv: readonly string[]): Promise<boolean> {
  try {
    await run(argv);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
