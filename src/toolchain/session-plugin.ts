/** AWS's session-manager-plugin: what Ansible reaches a machine through. AWS gives it to everybody's package manager, but to no package index. */
import type { Env } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import { onPath } from './locate.js';
import { isProgram } from './marker.js';

const NAME = 'session-manager-plugin';
/** Where AWS's own packages put it, on PATH or not. */
const USUAL = ['/usr/local/bin/session-manager-plugin', '/usr/local/sessionmanagerplugin/bin/session-manager-plugin'];
const GUIDE =
  'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html';

export const HOW_TO_INSTALL = `Install AWS’s Session Manager plugin (macOS: brew install --cask session-manager-plugin; else: ${GUIDE})`;

/** Absolute path. */
export async function findSessionPlugin(env: Env): Promise<string | undefined> {
  const found = await onPath(NAME, env);
  if (found !== undefined) return found;
  for (const path of USUAL) if (await isProgram(path)) return path;
  return undefined;
}

/** @throws Failure `tool-missing` that says how to install it */
export async function requireSessionPlugin(env: Env): Promise<string> {
  const found = await findSessionPlugin(env);
  if (found !== undefined) return found;
  const next = `${HOW_TO_INSTALL}, then try again`;
  throw new Failure('tool-missing', `There is no ${NAME} on this computer`, { next });
}
