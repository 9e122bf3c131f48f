/** What the toolchain is made of: the committed locks, in the order they are installed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { sha256Of } from '../disk/hash.js';

export interface Stage {
  readonly title: string;
  /** File in assets/requirements. */
  readonly lock: string;
  /** Size of the download on Linux x64, for people. */
  readonly megabytes: number;
}

export const stages: readonly Stage[] = [
  { title: 'Temporal 1.9 with its server', lock: 'base-temporal.txt', megabytes: 45 },
  { title: 'ffmpeg', lock: 'base-ffmpeg.txt', megabytes: 68 },
  { title: 'ffprobe', lock: 'base-ffprobe.txt', megabytes: 81 },
  { title: 'Apprise 2.2 for notifications', lock: 'base-apprise.txt', megabytes: 5 },
];

/** Free disk space in bytes that setting up takes at its peak: downloads, pip's cache and the installed files. */
export const SETUP_BYTES = 1_000_000_000;

export const lockFile = (name: string): string => join(packageRoot(), 'assets', 'requirements', name);

/** Names the toolchain: another lock is another folder, so that an upgrade never touches what runs. */
export async function toolchainHash(): Promise<string> {
  const locks = await Promise.all(stages.map(({ lock }) => readFile(lockFile(lock), 'utf8')));
  return sha256Of(locks.join('\0')).slice(0, 16);
}
