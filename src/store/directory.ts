/** The object store as a folder: keys are relative paths, so a season's store can be looked at with `ls`. */
import { constants, copyFile, link, mkdir, readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  codeOf,
  createDurably,
  ignoreMissing,
  partOf,
  replace,
  syncFile,
  syncFolder,
  writeDurably,
} from '../disk/durable.js';
import { diskFailure } from '../disk/failure.js';
import type { StoreKey } from '../domain/ids.js';
import { checkKey } from './key.js';
import type { Body, ObjectInfo, ObjectStore, StoredObject } from './port.js';

/** @param root the store's folder; made at the first write */
export function directoryStore(root: string): ObjectStore {
  const pathOf = (key: StoreKey): string => {
    checkKey(key);
    return join(root, ...key.split('/'));
  };
  const infoOf = async (key: StoreKey): Promise<ObjectInfo | undefined> => {
    try {
      const found = await stat(pathOf(key));
      return found.isFile() ? { key, bytes: found.size } : undefined;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw diskFailure(error, root);
    }
  };
  return {
    async get(key): Promise<StoredObject | undefined> {
      const info = await infoOf(key);
      if (!info) return undefined;
      const path = pathOf(key);
      return { ...info, read: () => readFile(path), save: (to) => place(path, to) };
    },
    async put(key, body: Body) {
      const path = pathOf(key);
      if ('bytes' in body) await guarded(root, () => writeDurably(path, body.bytes));
      else await guarded(root, () => putFile(body.file, path, body.move ?? false));
    },
    create: (key, bytes) => guarded(root, () => createDurably(pathOf(key), bytes)),
    list: (prefix) => guarded(root, () => listFiles(root, pathOf(prefix))),
    stat: infoOf,
    async remove(key) {
      const path = pathOf(key);
      if (key.endsWith('/')) await guarded(root, () => rm(path, { recursive: true, force: true }));
      else await guarded(root, () => unlink(path).catch(ignoreMissing));
    },
  };
}

async function guarded<T>(root: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw diskFailure(error, root);
  }
}

async function putFile(from: string, to: string, move: boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  if (!move) {
    await place(from, to);
    return;
  }
  await syncFile(from);
  try {
    await replace(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await place(from, to);
    await unlink(from);
  }
}

/** The same bytes under another name: linked where the disk is the same, cloned or copied elsewhere. Complete or not there at all. */
async function place(from: string, to: string): Promise<void> {
  const part = partOf(to);
  try {
    try {
      await link(from, part);
    } catch (error) {
      // Another disk, a disk without links, or a file that we may read but not link: then its bytes are copied.
      if (!['EXDEV', 'EPERM', 'ENOTSUP', 'EACCES', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
      await copyFile(from, part, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      await syncFile(part);
    }
    await replace(part, to);
    await syncFolder(dirname(to));
  } finally {
    // rename() of two links to one file does nothing and leaves both names.
    await unlink(part).catch(ignoreMissing);
  }
}

/** Walked by hand: a folder that vanishes meanwhile is empty, and takes nothing else out of the list. */
async function listFiles(root: string, folder: string): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(noFolder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await listFiles(root, path)));
    else if (!entry.name.startsWith('.')) {
      const bytes = await stat(path).then((file) => file.size, ignoreMissing);
      if (bytes !== undefined) found.push({ key: relative(root, path).split(sep).join('/'), bytes });
    }
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function noFolder(error: unknown): never[] {
  if (codeOf(error) !== 'ENOENT') throw error;
  return [];
}
