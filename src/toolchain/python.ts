/** Finds a Python that can make virtual environments. */
import { Failure } from '../domain/failures.js';
import { run } from '../process/run.js';

export interface Python {
  /** Absolute path. */
  readonly program: string;
  /** `3.11` */
  readonly version: string;
}

/** Minor version of Python 3 that the base toolchain needs. */
const OLDEST = 10;
const candidates = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'];

/** Debian ships Python without ensurepip: such a one makes environments that have no pip. */
const probe = `import importlib.util as u, json, sys
print(json.dumps([sys.executable, sys.version_info[0], sys.version_info[1], bool(u.find_spec("venv") and u.find_spec("ensurepip"))]))`;

interface Found extends Python {
  readonly minor: number;
  readonly hasVenv: boolean;
}

/**
 * The newest that will do.
 * @param oldest minor version of Python 3
 * @throws Failure `tool-missing` that says what was found instead
 */
export async function findPython(signal?: AbortSignal, oldest = OLDEST): Promise<Python> {
  const seen: Found[] = [];
  for (const name of candidates) {
    const found = await ask(name, signal);
    if (found && found.minor >= oldest && found.hasVenv) return { program: found.program, version: found.version };
    if (found) seen.push(found);
  }
  const bare = seen.find(({ minor }) => minor >= oldest);
  if (bare) {
    throw new Failure('tool-missing', `Python ${bare.version} is here, but without its venv module`, {
      evidence: bare.program,
      next: 'Install it (Debian, Ubuntu: sudo apt install python3-venv), then run: taaf setup',
    });
  }
  throw new Failure('tool-missing', `There is no Python 3.${oldest} or newer`, {
    evidence: seen[0] ? `${seen[0].program} is ${seen[0].version}` : `none of ${candidates.join(', ')} runs`,
    next: `Install Python 3.${oldest} or newer, then run: taaf setup`,
  });
}

/** What a name on PATH is; `undefined` for what is not there or does not run (pyenv leaves such names). */
async function ask(name: string, signal?: AbortSignal): Promise<Found | undefined> {
  try {
    const { stdout } = await run([name, '-c', probe], signal ? { signal } : {});
    const [program, major, minor, hasVenv] = JSON.parse(stdout) as [string, number, number, boolean];
    return { program, version: `${major}.${minor}`, minor: major === 3 ? minor : -1, hasVenv };
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}
