/** The DVDs in test/fixtures/dvd, and damaged copies of them. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './folder.js';

/** A season of two discs with two episodes each. */
export const dvds = join(import.meta.dirname, '..', 'fixtures', 'dvd');

export const SECTOR = 2048;

/** A copy of both discs in a folder that goes with the test. */
export async function copyOfDvds(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(dvds, 'disc1'), join(folder, 'disc1'), { recursive: true });
  await cp(join(dvds, 'disc2.iso'), join(folder, 'disc2.iso'));
  return folder;
}

/** Changes a file's bytes in place. */
export async function change(path: string, act: (bytes: Buffer) => Buffer | void): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, act(bytes) ?? bytes);
}

/** Sets the scrambling bits of every pack of picture and sound, as an encrypted disc has them; the content stays readable. */
export function scramble(vob: Buffer): void {
  for (let at = 0; at + SECTOR <= vob.length; at += SECTOR) {
    const isFilm = vob.readUInt32BE(at) === 0x1ba && [0xe0, 0xbd].includes(vob[at + 17] ?? 0);
    if (isFilm) vob[at + 20] = (vob[at + 20] ?? 0) | 0x10;
  }
}
