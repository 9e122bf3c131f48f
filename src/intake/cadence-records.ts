/** What is known of the cadence of files on this computer: looking through an episode takes a minute, so it is done once. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing, writeDurably } from '../disk/durable.js';
import { canonicalJson, sha256Of } from '../disk/hash.js';
import type { CadenceWord } from '../domain/cadence.js';
import type { CadenceVerdict } from '../domain/media.js';

export interface CadenceRecord {
  readonly verdict: CadenceVerdict;
  /** What the user has said about parts of the file. */
  readonly words: readonly CadenceWord[];
}

export interface CadenceRecords {
  /** What is known of a file as it is now; a file that was changed is another one. */
  read(path: string): Promise<CadenceRecord | undefined>;
  write(path: string, record: CadenceRecord): Promise<void>;
}

/** Counts up with every change that would judge a file otherwise. */
const VERSION = 1;

interface Stored extends CadenceRecord {
  readonly version: number;
}

export function cadenceRecords(folder: string): CadenceRecords {
  return {
    async read(path) {
      const text = await readFile(await fileOf(folder, path), 'utf8').catch(ignoreMissing);
      const stored = text === undefined ? undefined : (JSON.parse(text) as Stored);
      return stored?.version === VERSION ? { verdict: stored.verdict, words: stored.words } : undefined;
    },
    async write(path, record) {
      const stored: Stored = { version: VERSION, ...record };
      await writeDurably(await fileOf(folder, path), canonicalJson(stored));
    },
  };
}

async function fileOf(folder: string, path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return join(folder, `${sha256Of(canonicalJson([path, size, mtimeMs])).slice(0, 32)}.json`);
}
