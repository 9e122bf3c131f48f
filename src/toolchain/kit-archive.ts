/** A tar archive (POSIX ustar, gzipped) that depends on names and contents alone: no times, no owners, always the same order. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syncFile } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';

export interface ArchiveEntry {
  /** Path inside the archive, with slashes, at most 100 bytes of ASCII. */
  readonly name: string;
  /** The file itself, or its bytes. */
  readonly content: string | Buffer;
  readonly executable?: boolean;
}

const BLOCK = 512;

/** Writes the archive to a file and flushes it. */
export async function writeArchive(
  entries: readonly ArchiveEntry[],
  to: string,
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* (stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const options = signal ? { signal } : {};
  await pipeline(Readable.from(tarOf(sorted)), createGzip({ level: 6 }), counted, createWriteStream(to), options);
  await syncFile(to);
  return { sha256: hash.digest('hex'), bytes };
}

async function* tarOf(entries: readonly ArchiveEntry[]): AsyncGenerator<Buffer> {
  for (const { name, content, executable } of entries) {
    const bytes = typeof content === 'string' ? (await stat(content)).size : content.length;
    yield header(name, bytes, executable ? 0o755 : 0o644);
    if (typeof content === 'string') yield* createReadStream(content, { highWaterMark: 1024 * 1024 });
    else yield content;
    yield Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** IEEE Std 1003.1, "ustar Interchange Format": fixed fields, numbers in octal, a checksum with its own field blank. */
function header(name: string, bytes: number, mode: number): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new Failure('bug', `"${name}" does not fit into an archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 'latin1');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(0, 136, 12);
  block.fill(' ', 148, 156).write('0', 156, 'latin1');
  block.write('ustar\0' + '00', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
