/** Ansible and what it needs to reach AWS: an environment of its own, made when AWS is first wanted. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TaafPaths } from '../config/paths.js';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { sha256Of } from '../disk/hash.js';
import type { MachineSystem } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import { run } from '../process/run.js';
import { isProgram } from './marker.js';
import { fetchFailure, lastLines, once, type Making } from './once.js';
import { findPython } from './python.js';
import { lockFile } from './stages.js';
import { isOlder } from './temporal-version.js';
import { packageFolder, pipInstallPlainArgv, pythonOf, venvArgv } from './venv.js';

const schema = z.object({ python: z.string(), ansible: z.string(), amazonAws: z.string() });

/** An environment that is ready: its Python, and the versions of the bundle and of the collection that speaks to AWS. */
export type Ansible = z.infer<typeof schema>;

/** Two bundles: the newest that runs on Python 3.11, and one for later Pythons, whose amazon.aws speaks to Windows. */
const locks = { old: 'aws-ansible-12.txt', current: 'aws-ansible-14.txt' } as const;
const OLDEST_PYTHON_MINOR = 11;
const PYTHON_OF_CURRENT = '3.12';
/** What the older bundle brings: known before anything is fetched. */
const AMAZON_AWS_OF_OLD = '10.1.2';

/** The collections that the playbooks use: the bundle brings a hundred more, half a gigabyte. */
const collections: readonly string[] = ['amazon', 'ansible'];
const communityCollections: readonly string[] = ['windows'];

/** The environment that this version of TAAF wants, if it is there: made of either bundle, the newer one first. */
export async function findAnsible(paths: TaafPaths): Promise<Ansible | undefined> {
  return (await readReady(await folderOf(paths, locks.current))) ?? readReady(await folderOf(paths, locks.old));
}

/**
 * An environment for machines of a system, made if need be: a minute.
 * @throws Failure `tool-missing` without a Python that will do, `network` (the package index), `disk-full`
 */
export async function ensureAnsible(making: Making, system: MachineSystem): Promise<Ansible> {
  return once(
    {
      what: 'Ansible’s files',
      lock: join(homeOf(making.paths), 'setup.lock'),
      find: async () => {
        const found = await findAnsible(making.paths);
        return found && refusal(system, found) ? undefined : found;
      },
      make: () => install(making, system),
    },
    making,
  );
}

/** The first that speaks to Windows over SSM without losing what PowerShell says. */
export const OLDEST_FOR_WINDOWS = '11.4.0';

/** Why an environment is of no use for machines of a system, and the way out; undefined where it is. */
export function refusal(system: MachineSystem, { amazonAws }: Pick<Ansible, 'amazonAws'>): Failure | undefined {
  if (system !== 'windows' || !isOlder(amazonAws, OLDEST_FOR_WINDOWS)) return undefined;
  return new Failure('tool-missing', 'This computer’s Ansible cannot speak to Windows machines in AWS', {
    evidence: `amazon.aws ${amazonAws}; ${OLDEST_FOR_WINDOWS} or newer is wanted, which needs Python ${PYTHON_OF_CURRENT}`,
    next: `Install Python ${PYTHON_OF_CURRENT} or newer, then try again`,
  });
}

const homeOf = (paths: TaafPaths): string => join(paths.data, 'ansible');

async function folderOf(paths: TaafPaths, lock: string): Promise<string> {
  return join(homeOf(paths), sha256Of(await readFile(lockFile(lock), 'utf8')).slice(0, 16));
}

/** Every attempt has a folder of its own, like the base toolchain's. */
async function install({ paths, report, signal }: Making, system: MachineSystem): Promise<Ansible> {
  const stop = signal ? { signal } : {};
  const python = await findPython(signal, OLDEST_PYTHON_MINOR);
  const lock = isOlder(python.version, PYTHON_OF_CURRENT) ? locks.old : locks.current;
  const refused = lock === locks.old && refusal(system, { amazonAws: AMAZON_AWS_OF_OLD });
  if (refused) throw refused;
  const folder = await folderOf(paths, lock);
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const venv = join(folder, randomBytes(4).toString('hex'));
  report(`Ansible for AWS, with Python ${python.version}, 75 MB`);
  await run(venvArgv(python.program, venv), {
    ...stop,
    failure: { kind: 'tool-missing', what: `Python ${python.version} could not make an environment in ${venv}` },
  });
  await run(pipInstallPlainArgv(venv, lockFile(lock)), {
    ...stop,
    failure: fetchFailure('Ansible'),
    evidence: lastLines,
  });
  const bundle = await packageFolder(venv, 'ansible_collections');
  await keepOnly(bundle, [...collections, 'community']);
  await keepOnly(join(bundle, 'community'), communityCollections);
  const made: Ansible = {
    python: pythonOf(venv),
    ansible: await versionOf(join(bundle, 'ansible_release.py'), /ansible_version = '([^']+)'/),
    amazonAws: await versionOf(join(bundle, 'amazon', 'aws', 'MANIFEST.json'), /"version": "([^"]+)"/),
  };
  await writeDurably(readyFile(folder), `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

async function keepOnly(folder: string, names: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const unused = entries.filter((entry) => entry.isDirectory() && !names.includes(entry.name));
  await Promise.all(unused.map(({ name }) => rm(join(folder, name), { recursive: true, force: true })));
}

async function versionOf(file: string, pattern: RegExp): Promise<string> {
  return pattern.exec(await readFile(file, 'utf8'))?.[1] ?? 'unknown';
}

const readyFile = (folder: string): string => join(folder, 'complete.json');

async function readReady(folder: string): Promise<Ansible | undefined> {
  const text = await readFile(readyFile(folder), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const read = schema.safeParse(JSON.parse(text));
  return read.success && (await isProgram(read.data.python)) ? read.data : undefined;
}
