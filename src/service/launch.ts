/** How a supervisor is started: by the user's service manager where the units are installed, else as a process in the background. */
import type { Env, TaafPaths } from '../config/paths.js';
import { startInBackground } from '../process/background.js';
import { run } from '../process/run.js';
import { isInstalled, serviceManager } from './manager.js';
import { errorsOf } from './places.js';
import type { Role } from './places.js';

export interface Launched {
  readonly hasEnded: () => boolean;
}

export type Launch = (role: Role) => Promise<Launched>;

/** @param program absolute path of TAAF's `service.js` */
export function launcher(paths: TaafPaths, program: string, env: Env): Launch {
  return async (role) => {
    const manager = serviceManager(env);
    if (manager && (await isInstalled(manager, role))) {
      await run(manager.start(role));
      // Who looks after it is the manager; whether it lives, the lock says.
      return { hasEnded: () => true };
    }
    return startInBackground([process.execPath, program, role], {
      cwd: paths.state,
      env,
      errors: errorsOf(paths, role),
    });
  };
}
