/** Temporal's database file before a server opens it: a copy before an upgrade, a refusal before a downgrade. */
import { constants, copyFile, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ignoreMissing, partOf, syncFile, syncFolder, writeDurably } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { isOlder } from '../toolchain/temporal-version.js';

/** First bytes of every SQLite file. */
const MAGIC = 'SQLite format 3\0';

const versionFile = (database: string): string => `${database}.version`;

/** A copy of before an upgrade, by the version of the server that had written it. */
export const copyOf = (database: string, version: string): string => `${database}.${version}`;

/**
 * Makes the file fit for a server of this version; call it under the server's lock.
 * @returns the path of the copy, where one was made
 * @throws Failure `temporal-unreachable` for a file that is no database, `unsupported` for one that a newer server has written
 */
export async function prepareDatabase(database: string, version: string): Promise<string | undefined> {
  await requireSqlite(database);
  const written = (await readFile(versionFile(database), 'utf8').catch(ignoreMissing))?.trim();
  if (written === version) return undefined;
  if (written !== undefined && isOlder(version, written)) throw await downgrade(database, version, written);
  const copy = written === undefined ? undefined : await copyDatabase(database, written);
  await writeDurably(versionFile(database), `${version}\n`);
  return copy;
}

async function requireSqlite(database: string): Promise<void> {
  const handle = await open(database, 'r').catch(ignoreMissing);
  if (handle === undefined) return;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    if (bytesRead === 0 || buffer.toString('latin1') === MAGIC) return;
  } finally {
    await handle.close();
  }
  throw new Failure('temporal-unreachable', `${database} is no Temporal database: it is damaged`, {
    next: await mending(database),
  });
}

/** What to do about a database that cannot be used: the copies are named. */
export async function mending(database: string): Promise<string> {
  const copies = await copiesOf(database);
  const back = copies.length > 0 ? `Put a copy in its place (${copies.join(', ')}), or move it away` : 'Move it away';
  return `${back}, then run: taaf up. Rendered work is kept outside of it`;
}

async function copiesOf(database: string): Promise<string[]> {
  const pattern = /^\.\d+\.\d+\.\d+$/;
  const names = await readdir(dirname(database));
  return names
    .filter((name) => name.startsWith(basename(database)) && pattern.test(name.slice(basename(database).length)))
    .map((name) => join(dirname(database), name));
}

async function downgrade(database: string, version: string, written: string): Promise<Failure> {
  const what = `${database} was written by Temporal’s server ${written}; this one is ${version} and cannot read it`;
  const copies = await copiesOf(database);
  const older = copies.length > 0 ? `, or put back a copy of before the upgrade (${copies.join(', ')})` : '';
  return new Failure('unsupported', what, { next: `Install the newer TAAF again${older}, then run: taaf up` });
}

/** A server that was killed leaves a journal; SQLite finds the copy's by the copy's name. */
async function copyDatabase(database: string, version: string): Promise<string | undefined> {
  const copy = copyOf(database, version);
  await rm(`${copy}-journal`, { force: true });
  await copyDurably(`${database}-journal`, `${copy}-journal`);
  return (await copyDurably(database, copy)) ? copy : undefined;
}

async function copyDurably(from: string, to: string): Promise<boolean> {
  const part = partOf(to);
  const copied = await copyFile(from, part, constants.COPYFILE_FICLONE).then(() => true, ignoreMissing);
  if (!copied) return false;
  await syncFile(part);
  await rename(part, to);
  await syncFolder(dirname(to));
  return true;
}
