/** The texts of the user services: pure functions, one unit each for server and worker. */
import { UNIT_VARIABLE } from './detached.js';
import type { Role } from './places.js';

/** Exit code of a supervisor that another start would not help. */
export const EXIT_HOPELESS = 78;

export interface UnitFacts {
  /** Absolute path of Node, and of TAAF's `service.js`. */
  readonly node: string;
  readonly program: string;
  /** Environment that the service needs: a manager starts it with hardly any. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds that the role may take to end. */
  readonly stopSeconds: Readonly<Record<Role, number>>;
}

export const STOP_SECONDS: UnitFacts['stopSeconds'] = { server: 30, worker: 90 };

const about: Readonly<Record<Role, string>> = { server: 'TAAF: Temporal server', worker: 'TAAF: worker' };

export const unitName = (role: Role): string => `taaf-${role}.service`;
export const labelOf = (role: Role): string => `dev.taaf.${role}`;

/** systemd expands `%` and `$` in commands, and reads C escapes inside quotes. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('\n', '\\n')}"`;
const inCommand = (text: string): string => quoted(text).replaceAll('$', '$$$$');

/** A systemd user unit. Agents run in scopes of their own (`detachedArgv`), so ending the whole group ends no rendering. */
export function systemdUnit(role: Role, { node, program, env, stopSeconds }: UnitFacts): string {
  const variables = { ...env, [UNIT_VARIABLE]: unitName(role) };
  return [
    '[Unit]',
    `Description=${about[role]}`,
    ...(role === 'worker' ? [`After=${unitName('server')}`] : []),
    '',
    '[Service]',
    `ExecStart=${[node, program, role].map(inCommand).join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    'Restart=on-failure',
    'RestartSec=5',
    `RestartPreventExitStatus=${EXIT_HOPELESS}`,
    'KillMode=mixed',
    `TimeoutStopSec=${stopSeconds[role]}`,
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const element = (name: string, text: string): string => `<${name}>${xml(text)}</${name}>`;

/** A launchd agent. Programs in sessions of their own, as local agents are, are none of its business. */
export function launchdPlist(role: Role, { node, program, env, stopSeconds }: UnitFacts): string {
  const pairs = Object.entries(env).map(([name, value]) => `${element('key', name)}${element('string', value)}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0"><dict>',
    `<key>Label</key>${element('string', labelOf(role))}`,
    `<key>ProgramArguments</key><array>${[node, program, role].map((part) => element('string', part)).join('')}</array>`,
    `<key>EnvironmentVariables</key><dict>${pairs.join('')}</dict>`,
    '<key>RunAtLoad</key><true/>',
    '<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '<key>ThrottleInterval</key><integer>30</integer>',
    `<key>ExitTimeOut</key><integer>${stopSeconds[role]}</integer>`,
    '<key>AbandonProcessGroup</key><true/>',
    '</dict></plist>',
    '',
  ].join('\n');
}
