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
  /** @param identity of what was looked through, as JSON: `identityOf` of a file, or a disc's origin */
  read(identity: unknown): Promise<CadenceRecord | undefined>;
  write(identity: unknown, record: CadenceRecord): Promise<void>;
}

/** A file that was changed is another one. */
export async function identityOf(path: string): Promise<unknown> {
  const { size, mtimeMs } = await stat(path);
  return [path, size, mtimeMs];
}

/** Counts up with every change that would judge a file otherwise. */
const VERSION = 1;

interface Stored extends CadenceRecord {
  readonly version: number;
}

export function cadenceRecords(folder: string): CadenceRecords {
  return {
    async read(identity) {
      const text = await readFile(fileOf(folder, identity), 'utf8').catch(ignoreMissing);
      const stored = text === undefined ? undefined : (JSON.parse(text) as Stored);
      return stored?.version === VERSION ? { verdict: stored.verdict, words: stored.words } : undefined;
    },
    async write(identity, record) {
      const stored: Stored = { version: VERSION, ...record };
      await writeDurably(fileOf(folder, identity), canonicalJson(stored));
    },
  };
}

const fileOf = (folder: string, identity: unknown): string =>
  join(folder, `${sha256Of(canonicalJson(identity)).slice(0, 32)}.json`);
