/** Finds files with the same content. Only files of equal size are read: first their ends and middle, then all of them. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../disk/durable.js';
import { sha256OfFile } from '../disk/hash.js';
import type { Candidate } from './leave-out.js';

const PIECE = 1024 * 1024;

/**
 * Which candidates repeat an earlier one: path → path of the first with that content.
 * A file that cannot be read repeats nothing; whoever probes it says why.
 */
export async function findDuplicates(
  folder: string,
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const whole = (path: string): Promise<string> => sha256OfFile(path, undefined, signal);
  const duplicates = new Map<string, string>();
  for (const sameSize of groups(
    candidates,
    candidates.map(({ bytes }) => String(bytes)),
  )) {
    for (const alike of groups(sameSize, await hashes(folder, sameSize, sampleHash))) {
      for (const [first, ...others] of groups(alike, await hashes(folder, alike, whole))) {
        for (const other of others) if (first) duplicates.set(other.path, first.path);
      }
    }
  }
  return duplicates;
}

async function hashes(
  folder: string,
  files: readonly Candidate[],
  hashOf: (path: string, bytes: number) => Promise<string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { path, bytes } of files) {
    const hash = await hashOf(join(folder, path), bytes).catch((error: unknown) => {
      if (codeOf(error) === undefined || codeOf(error) === 'ABORT_ERR') throw error;
      return `unreadable: ${path}`;
    });
    found.push(hash);
  }
  return found;
}

/** Items with equal keys, in their order; those alone with theirs are dropped. */
function groups<T>(items: readonly T[], keys: readonly string[]): T[][] {
  const byKey = new Map<string, T[]>();
  items.forEach((item, index) => {
    const key = keys[index] ?? '';
    byKey.set(key, [...(byKey.get(key) ?? []), item]);
  });
  return [...byKey.values()].filter((group) => group.length > 1);
}

/** SHA-256 over the first, the middle and the last MiB. */
async function sampleHash(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path);
  try {
    for (const at of [0, Math.floor((bytes - PIECE) / 2), bytes - PIECE]) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE), 0, PIECE, Math.max(0, at));
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
