/** A file in the making beside its place, with a note of the ranges that it has: a killed download goes on, and damage in it is noticed. */
import { constants, type BigIntStats } from 'node:fs';
import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, ignoreMissing, syncFolder } from '../../disk/durable.js';
import { sha256Of } from '../../disk/hash.js';
import { crc64, joinedCrc, type Crc64 } from './checksum.js';

export const RANGE_BYTES = 8 * 1024 * 1024;

interface Identity {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

export interface PartFile {
  readonly path: string;
  /** Ranges that are not there yet, by their index. */
  missing(): number[];
  write(index: number, bytes: Uint8Array, crc: Crc64): Promise<void>;
  /** Of the whole content, when nothing is missing. */
  checksum(): Crc64;
  /** The content under its name, flushed. */
  publish(): Promise<void>;
  discard(): Promise<void>;
  close(): Promise<void>;
}

/** Opens what an earlier attempt has left of this very content, and removes what is left of others. */
export async function openPartFile(target: string, object: Identity): Promise<PartFile> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stem = `.${basename(target).slice(0, 120)}.`;
  const { bucket, key, etag, bytes } = object;
  const name = `${stem}${sha256Of([bucket, key, etag, bytes].join('\n')).slice(0, 16)}.part`;
  await removeOthers(folder, stem, name);
  const path = join(folder, name);
  const notes = `${path}.ranges`;
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    // What stands beyond the end is nobody's.
    if ((await handle.stat()).size > bytes) await handle.truncate(bytes);
    const there = await verified(handle, bytes, await readNotes(notes));
    return partFile({ target, path, notes, handle, bytes, there });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface Parts {
  readonly target: string;
  readonly path: string;
  readonly notes: string;
  readonly handle: FileHandle;
  readonly bytes: number;
  readonly there: Map<number, Crc64>;
}

function partFile({ target, path, notes, handle, bytes, there }: Parts): PartFile {
  const count = Math.ceil(bytes / RANGE_BYTES);
  const indices = Array.from({ length: count }, (_range, index) => index);
  const discard = async (): Promise<void> => {
    await rm(notes, { force: true });
    await rm(path, { force: true });
  };
  return {
    path,
    missing: () => indices.filter((index) => !there.has(index)),
    async write(index, content, crc) {
      for (let at = 0; at < content.length;)
        at += (await handle.write(content, at, content.length - at, index * RANGE_BYTES + at)).bytesWritten;
      await appendFile(notes, `${index} ${crc}\n`, { mode: 0o600 });
      there.set(index, crc);
    },
    checksum: () =>
      joinedCrc(indices.map((index) => ({ crc: there.get(index) ?? '0', bytes: lengthOf(index, bytes) }))),
    async publish() {
      await handle.datasync();
      await rename(path, target).catch(async (error: unknown) => {
        // Another attempt shared the part file, and was first.
        if (codeOf(error) !== 'ENOENT' || !(await isSame(target, await handle.stat({ bigint: true })))) throw error;
      });
      await syncFolder(dirname(target));
      await rm(notes, { force: true });
    },
    discard,
    close: () => handle.close(),
  };
}

const lengthOf = (index: number, bytes: number): number => Math.min(RANGE_BYTES, bytes - index * RANGE_BYTES);

const isSame = async (path: string, file: BigIntStats): Promise<boolean> => {
  const there = await stat(path, { bigint: true }).catch(ignoreMissing);
  return there?.ino === file.ino && there.dev === file.dev;
};

/** Lines that a crash has cut off are none. */
async function readNotes(path: string): Promise<Map<number, Crc64>> {
  const text = (await readFile(path, 'utf8').catch(ignoreMissing)) ?? '';
  return new Map(
    text
      .split('\n')
      .slice(0, -1)
      .flatMap((line): [number, Crc64][] => {
        const [, index, crc] = /^(\d+) ([0-9a-f]{16})$/.exec(line) ?? [];
        return index === undefined || crc === undefined ? [] : [[Number(index), crc]];
      }),
  );
}

/** The noted ranges whose bytes are still what they were when they came. */
async function verified(handle: FileHandle, bytes: number, noted: Map<number, Crc64>): Promise<Map<number, Crc64>> {
  if (noted.size === 0) return noted;
  const sum = await crc64();
  const buffer = Buffer.allocUnsafe(RANGE_BYTES);
  for (const [index, crc] of noted) {
    const length = lengthOf(index, bytes);
    const { bytesRead } = length > 0 ? await handle.read(buffer, 0, length, index * RANGE_BYTES) : { bytesRead: -1 };
    if (bytesRead !== length || sum(buffer.subarray(0, length)) !== crc) noted.delete(index);
  }
  return noted;
}

async function removeOthers(folder: string, stem: string, own: string): Promise<void> {
  const names = await readdir(folder);
  const parts = names.filter((name) => name.startsWith(stem) && /\.[0-9a-f]{16}\.part(\.ranges)?$/.test(name));
  for (const name of parts) if (!name.startsWith(own)) await rm(join(folder, name), { force: true });
}
