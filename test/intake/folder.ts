/** Folders for the tests of intake. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { tools } from '../helpers/tools.js';

const run = promisify(execFile);
const made: string[] = [];

/** A folder of its own, gone after the file's tests. */
export async function makeFolder(): Promise<string> {
  if (made.length === 0)
    afterAll(() => Promise.all(made.splice(0).map((one) => rm(one, { recursive: true, force: true }))));
  const folder = await mkdtemp(join(tmpdir(), 'taaf-intake-'));
  made.push(folder);
  return folder;
}

/** Writes files with these contents; folders are made as needed. */
export async function fill(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A real video: so many frames of noise at 24000/1001, whose content the seed makes unique. */
export async function makeVideo(
  path: string,
  seed: number,
  frames = 24,
  codec: readonly string[] = ['-c:v', 'mpeg2video'],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const picture = `color=gray:s=96x64:r=24000/1001,noise=alls=40:all_seed=${seed}:allf=t`;
  const input = ['-f', 'lavfi', '-i', picture, '-frames:v', String(frames)];
  await run(tools.ffmpeg, ['-nostdin', '-v', 'error', ...input, ...codec, `file:${path}`]);
}
