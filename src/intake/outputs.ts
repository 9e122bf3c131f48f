/** Where the results lie: in folders like those of their sources, under names for any file system. */
import { posix } from 'node:path';
import { Failure } from '../domain/failures.js';

/** Longest name of a file in bytes on every common file system. */
const LONGEST = 255;
const ENDING = '.mkv';

/** What people call an episode: its file's name without the ending. */
export const stemOf = (path: string): string => posix.basename(path, posix.extname(path));

/** Path of a source's result in the output folder. @param name without ending */
export function outputOf(path: string, stem: string): string {
  const folder = posix.dirname(path);
  const name = shortened(stem, LONGEST - ENDING.length) + ENDING;
  return folder === '.' ? name : `${folder}/${name}`;
}

/** The longest beginning of whole characters that fits into so many bytes. */
function shortened(text: string, bytes: number): string {
  let fitting = '';
  for (const character of text) {
    if (Buffer.byteLength(fitting + character) > bytes) return fitting;
    fitting += character;
  }
  return text;
}

/** How file systems that ignore case and Unicode's forms see a name. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase().normalize('NFC');

/** @throws Failure `usage` when two sources would have one result, on this file system or on another one */
export function checkOutputs(episodes: readonly { readonly path: string; readonly output: string }[]): void {
  const taken = new Map<string, string>();
  for (const { path, output } of episodes) {
    const other = taken.get(folded(output));
    if (other !== undefined) {
      throw new Failure('usage', `"${other}" and "${path}" would both become "${output}"`, {
        next: 'Rename one of them, or give it another `number` or `skip: true` in taaf.yaml',
      });
    }
    taken.set(folded(output), path);
  }
}
