/** Puts a page under its name: as a whole, and never over a file that is not a page by TAAF. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, createDurably, writeDurably } from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import { Failure } from '../domain/failures.js';
import { MARKER } from './page.js';

/** Codes of a folder at the page's place, and of a file where its folder should be. */
const inTheWay: ReadonlySet<string | undefined> = new Set(['EISDIR', 'ENOTDIR']);

/**
 * Says early that a page cannot be written there.
 * @throws Failure `output-exists` where another file or a folder is in the way
 */
export async function checkPagePlace(path: string): Promise<'free' | 'ours'> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Buffer.byteLength(MARKER)), 0);
      if (buffer.toString('utf8', 0, bytesRead) === MARKER) return 'ours';
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'free';
    if (!inTheWay.has(codeOf(error))) throw diskFailure(error, path);
  }
  throw occupied(path);
}

/** @throws Failure `output-exists` where another file is in the way, `disk-full`, `output-unwritable` or `permission` */
export async function writePage(path: string, text: string): Promise<void> {
  const place = await checkPagePlace(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    if (place === 'ours') await writeDurably(path, text);
    else if ((await createDurably(path, text)) === 'exists') throw occupied(path);
  } catch (error) {
    throw diskFailure(error, dirname(path));
  }
}

const occupied = (path: string): Failure =>
  new Failure('output-exists', 'There is something already where the page belongs, and TAAF did not write it', {
    evidence: path,
    next: 'Name another file with --to, or move that one',
  });
