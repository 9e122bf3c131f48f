/** The decoded frames of a file as hashes, in order. */
import { run } from '../../src/process/run.js';
import { tools } from './tools.js';

export async function frameHashes(file: string): Promise<string[]> {
  const argv = [
    '-nostdin',
    '-v',
    'error',
    '-i',
    file,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ];
  const { stdout } = await run([tools.ffmpeg, ...argv]);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}
