/** The database file around upgrades, downgrades and damage; the last with the real supervisor. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roleState, up } from '../../src/service/control.js';
import { copyOf, prepareDatabase } from '../../src/service/database.js';
import { databaseOf } from '../../src/service/places.js';
import { harness } from './harness.js';

const sqlite = 'SQLite format 3\0 and pages';
let folder: string;
let database: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-db-'));
  database = join(folder, 'temporal.db');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the database', () => {
  it('that is not there yet is nobody’s: no copy is made', async () => {
    expect(await prepareDatabase(database, '1.32.0')).toBeUndefined();
    await writeFile(database, sqlite);
    expect(await prepareDatabase(database, '1.32.0')).toBeUndefined();
  });

  it('is copied once before a newer server opens it, with the journal of a server that was killed', async () => {
    await prepareDatabase(database, '1.32.0');
    await writeFile(database, sqlite);
    await writeFile(`${database}-journal`, 'half a transaction');
    const copy = copyOf(database, '1.32.0');
    expect(await prepareDatabase(database, '1.33.1')).toBe(copy);
    expect(await readFile(copy, 'utf8')).toBe(sqlite);
    expect(await readFile(`${copy}-journal`, 'utf8')).toBe('half a transaction');
    expect(await prepareDatabase(database, '1.33.1')).toBeUndefined();
  });

  it('never gets an old copy’s journal beside a new copy', async () => {
    await prepareDatabase(database, '1.32.0');
    await writeFile(database, sqlite);
    await writeFile(`${copyOf(database, '1.32.0')}-journal`, 'of another day');
    await prepareDatabase(database, '1.33.0');
    await expect(readFile(`${copyOf(database, '1.32.0')}-journal`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('of a newer server is refused, and the copy of before the upgrade is named', async () => {
    await prepareDatabase(database, '1.32.0');
    await writeFile(database, sqlite);
    await prepareDatabase(database, '1.33.0');
    await expect(prepareDatabase(database, '1.32.0')).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('1.33.0') as string,
      next: expect.stringContaining(copyOf(database, '1.32.0')) as string,
    });
  });

  it('that is something else is refused with its name', async () => {
    await writeFile(database, 'not a database at all');
    await expect(prepareDatabase(database, '1.32.0')).rejects.toMatchObject({
      kind: 'temporal-unreachable',
      message: expect.stringContaining(database) as string,
      next: expect.stringContaining('taaf up') as string,
    });
  });
});

describe('up on a damaged database', () => {
  it('ends with what the server said and with what to do', async () => {
    const here = await harness();
    try {
      const damaged = databaseOf(here.paths);
      await up(here.options(['server']));
      const whole = await readFile(damaged);
      await here.stop();
      await writeFile(damaged, whole.subarray(0, 20_000));
      await expect(up(here.options(['server']))).rejects.toMatchObject({
        kind: 'temporal-unreachable',
        message: 'Temporal’s server does not start',
        evidence: expect.stringContaining('malformed') as string,
        next: expect.stringContaining('Move it away') as string,
      });
      expect(await roleState(here.paths, 'server')).toEqual({ state: 'stopped' });
    } finally {
      await here.close();
    }
  });
});
