/** What `taaf doctor` says about the programs that only the AWS fleet needs. */
import type { Env, TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import { run } from '../process/run.js';
import { findAnsible, OLDEST_FOR_WINDOWS, refusal } from './ansible.js';
import type { ToolFinding } from './check.js';
import { findSessionPlugin, HOW_TO_INSTALL } from './session-plugin.js';

export const checkAwsTools = (paths: TaafPaths, env: Env): Promise<ToolFinding[]> =>
  Promise.all([ansibleFinding(paths), pluginFinding(env)]);

/** Its absence is no fault: it is set up when AWS is first wanted. An old one is one for whoever wants Windows machines. */
async function ansibleFinding(paths: TaafPaths): Promise<ToolFinding> {
  const ansible = await findAnsible(paths);
  const refused = ansible && refusal('windows', ansible);
  return {
    name: 'ansible',
    found: ansible && `${ansible.ansible}, amazon.aws ${ansible.amazonAws} (${ansible.python})`,
    wanted: `amazon.aws ${OLDEST_FOR_WINDOWS} or newer for Windows machines`,
    ok: ansible !== undefined && !refused,
    fix: ansible ? refused?.next : 'Nothing: it is set up when AWS is first used',
  };
}

async function pluginFinding(env: Env): Promise<ToolFinding> {
  const name = 'session-manager-plugin';
  const wanted = 'any';
  const path = await findSessionPlugin(env);
  if (path === undefined) return { name, found: undefined, wanted, ok: false, fix: HOW_TO_INSTALL };
  try {
    const { stdout } = await run([path, '--version']);
    return { name, found: `${stdout.trim()} (${path})`, wanted, ok: true, fix: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { name, found: `${path} does not run`, wanted, ok: false, fix: HOW_TO_INSTALL };
  }
}
