/** The npm packages that the agent loads from beside itself, as files of a kit: only what one system runs. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { MachineSystem } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import type { ArchiveEntry } from './kit-archive.js';

export interface KitPackages {
  readonly entries: readonly ArchiveEntry[];
  /** `name@version` of each: another set is another kit. */
  readonly versions: readonly string[];
}

/** For ONNX Runtime's install script only, which is never run. */
const NEVER_LOADED: ReadonlySet<string> = new Set(['adm-zip', 'global-agent']);

/** Node's names of the systems, as they stand in the packages' folders of binaries. */
const platforms: Readonly<Record<MachineSystem, string>> = { linux: 'linux', windows: 'win32' };

/** @param roots name → a file whose `node_modules` above has the package */
export async function kitPackages(system: MachineSystem, roots: ReadonlyMap<string, string>): Promise<KitPackages> {
  const folders = new Map<string, string>();
  for (const [name, from] of roots) await addPackage(name, from, folders);
  const entries: ArchiveEntry[] = [];
  const versions: string[] = [];
  for (const [name, folder] of [...folders].sort()) {
    versions.push(`${name}@${(await manifestOf(folder)).version}`);
    for (const path of (await filesIn(folder)).filter((file) => isWanted(file, platforms[system])))
      entries.push({ name: `node_modules/${name}/${path}`, content: join(folder, path) });
  }
  return { entries, versions };
}

async function addPackage(name: string, from: string, folders: Map<string, string>): Promise<void> {
  if (folders.has(name) || NEVER_LOADED.has(name)) return;
  const folder = packageAbove(name, from);
  folders.set(name, folder);
  const { dependencies = {} } = await manifestOf(folder);
  for (const needed of Object.keys(dependencies)) await addPackage(needed, folder, folders);
}

/** Where Node finds a package from a folder; not all packages let `require.resolve` see their manifest. */
function packageAbove(name: string, from: string): string {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(at) === at)
      throw new Failure('tool-missing', `The package ${name} is not installed`, {
        evidence: from,
        next: 'Install TAAF again',
      });
  }
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
    .sort();
}

/** Scripts, manifests, licences, and the binaries of one platform. */
function isWanted(path: string, platform: string): boolean {
  if (/^(node_modules|script|test)\//.test(path)) return false;
  if (/^(prebuilds|bin)\//.test(path))
    return path.includes(`/${platform}-x64/`) ? path.endsWith('.node') : path.includes(`/${platform}/x64/`);
  return /\.[cm]?js$|(^|\/)package\.json$|^LICEN[CS]E/i.test(path);
}
