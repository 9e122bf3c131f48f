/** The two managers of user services, as data: where their files lie, and the commands that make them act. */
import { access } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Env } from '../config/paths.js';
import { ignoreMissing } from '../disk/durable.js';
import { roles } from './places.js';
import type { Role } from './places.js';
import { labelOf, launchdPlist, systemdUnit, unitName } from './units.js';
import type { UnitFacts } from './units.js';

type Argv = readonly string[];

export interface ServiceManager {
  readonly name: 'systemd' | 'launchd';
  /** Ends well where the user has such a manager. */
  readonly probe: Argv;
  /** Absolute path of a role's file. */
  readonly file: (role: Role) => string;
  readonly text: (role: Role, facts: UnitFacts) => string;
  readonly start: (role: Role) => Argv;
  /** Ends well while the role runs. */
  readonly isActive: (role: Role) => Argv;
  /** After the files are written. */
  readonly install: readonly Argv[];
  /** Before the files go. */
  readonly remove: readonly Argv[];
  /** After they went. */
  readonly forget: readonly Argv[];
  /** Keeps the services running when the user logs out, where that must be asked for. */
  readonly linger?: { readonly enable: Argv; readonly ask: Argv };
}

export function serviceManager(env: Env, platform: NodeJS.Platform = process.platform): ServiceManager | undefined {
  if (platform === 'linux') return systemd(env);
  return platform === 'darwin' ? launchd : undefined;
}

/** Whether a role's file is there. */
export async function isInstalled(manager: ServiceManager, role: Role): Promise<boolean> {
  try {
    await access(manager.file(role));
    return true;
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
}

function systemd(env: Env): ServiceManager {
  const folder = join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd', 'user');
  const ctl = (...words: string[]): Argv => ['systemctl', '--user', ...words];
  const units = roles.map(unitName);
  const user = userInfo().username;
  return {
    name: 'systemd',
    probe: ctl('show-environment'),
    file: (role) => join(folder, unitName(role)),
    text: systemdUnit,
    start: (role) => ctl('start', unitName(role)),
    isActive: (role) => ctl('is-active', '--quiet', unitName(role)),
    install: [ctl('daemon-reload'), ctl('enable', '--now', ...units)],
    remove: [ctl('disable', '--now', ...units)],
    forget: [ctl('daemon-reload')],
    linger: {
      enable: ['loginctl', 'enable-linger', user],
      ask: ['loginctl', 'show-user', user, '--property=Linger', '--value'],
    },
  };
}

const domain = `gui/${userInfo().uid}`;
const plist = (role: Role): string => join(homedir(), 'Library', 'LaunchAgents', `${labelOf(role)}.plist`);

const launchd: ServiceManager = {
  name: 'launchd',
  probe: ['launchctl', 'print', domain],
  file: plist,
  text: launchdPlist,
  start: (role) => ['launchctl', 'kickstart', `${domain}/${labelOf(role)}`],
  isActive: (role) => ['launchctl', 'print', `${domain}/${labelOf(role)}`],
  install: roles.map((role) => ['launchctl', 'bootstrap', domain, plist(role)]),
  remove: roles.map((role) => ['launchctl', 'bootout', `${domain}/${labelOf(role)}`]),
  forget: [],
};
