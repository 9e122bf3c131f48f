import { readFileSync } from 'node:fs';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playingOf, titleEntries } from '../../src/discs/tables.js';
import { titlesOf } from '../../src/discs/titles.js';
import { Failure } from '../../src/domain/failures.js';
import { change, copyOfDvds, dvds, SECTOR } from '../helpers/discs.js';

const folderDisc = 'disc1/VIDEO_TS';
const setTables = readFileSync(join(dvds, folderDisc, 'VTS_01_0.IFO'));
const discTables = readFileSync(join(dvds, folderDisc, 'VIDEO_TS.IFO'));
const discSectors = 16 * SECTOR;

/** Reasons by title; undefined for one that can be played. */
async function reasons(folder: string, disc = folderDisc): Promise<(string | undefined)[]> {
  return (await titlesOf(folder, disc)).map((title) => ('reason' in title ? title.reason : undefined));
}

describe('the titles of a disc', () => {
  it.each([folderDisc, 'disc2.iso'])('are read with their lengths, chapters and cells: %s', async (disc) => {
    const titles = (await titlesOf(dvds, disc)).filter((title) => 'film' in title);
    expect(titles.map(({ number, set }) => [number, set])).toEqual([1, 2, 3, 4, 5].map((n) => [n, 1]));
    expect(titles.map(({ seconds }) => Number(seconds.toFixed(3)))).toEqual([6.006, 3.003, 3.003, 3.003, 1.201]);
    expect(titles.map(({ chapters }) => chapters.map((at) => Number(at.toFixed(3))))).toEqual([
      [0, 1.435, 3.003, 4.438],
      [0, 1.435],
      [0, 1.435],
      [0, 1.435],
      [0],
    ]);
    expect(titles.map(({ cells }) => cells.map(({ vob, id }) => `${vob}/${id}`).join(' '))).toEqual([
      '1/1 1/2 2/1 2/2',
      '1/1 1/2',
      '2/1 2/2',
      '1/1 1/2',
      '3/1',
    ]);
    expect(titles.map(({ pcm }) => pcm)).toEqual(titles.map(() => [false, false]));
  });

  it('lie where their VOBs are, in an image too', async () => {
    for (const disc of [folderDisc, 'disc2.iso']) {
      const [, title] = await titlesOf(dvds, disc);
      const film = title && 'film' in title ? title.film : [];
      expect(film.length).toBeGreaterThan(0);
      for (const { place, offset } of film) expect(readFileSync(place).readUInt32BE(offset)).toBe(0x1ba);
    }
  });

  it('know the files that they are read from', async () => {
    const files = async (disc: string) => {
      const [title] = await titlesOf(dvds, disc);
      return title && 'files' in title ? title.files.map(({ path }) => path).sort() : [];
    };
    const names = ['VIDEO_TS.IFO', 'VTS_01_0.IFO', 'VTS_01_1.VOB'];
    expect(await files(folderDisc)).toEqual(names.map((name) => `${folderDisc}/${name}`));
    expect(await files('disc2.iso')).toEqual(['disc2.iso']);
  });

  it('play the first of several angles', () => {
    const chains = setTables.readUInt32BE(0xcc) * SECTOR;
    const chain = chains + setTables.readUInt32BE(chains + 12);
    const cells = chain + setTables.readUInt16BE(chain + 0xe8);
    const angled = Buffer.from(setTables);
    // The second and third of four cells become two angles of one.
    angled[cells + 24] = 0x50;
    angled[cells + 48] = 0xd0;
    const played = playingOf(angled, 'VTS_01_0.IFO', 1);
    expect(typeof played === 'string' ? played : played.cells.map(({ vob, id }) => `${vob}/${id}`)).toEqual([
      '1/1',
      '1/2',
      '2/2',
    ]);
  });
});

describe('the sounds of a title', () => {
  const played = (change: (tables: Buffer, chain: number) => void) => {
    const tables = Buffer.from(setTables);
    const chains = tables.readUInt32BE(0xcc) * SECTOR;
    change(tables, chains + tables.readUInt32BE(chains + 12));
    const playing = playingOf(tables, 'VTS_01_0.IFO', 1);
    return typeof playing === 'string' ? playing : playing.pcm;
  };

  it('are PCM where the tables say so', () => {
    expect(played((tables) => void (tables[0x204 + 8] = 0x80))).toEqual([false, true]);
  });

  it('are those of the title, not all of its set', () => {
    expect(played((tables, chain) => void (tables[chain + 0x0c] = 0))).toEqual([false]);
  });
});

describe('a damaged disc', () => {
  it.each([
    ['no table at all', (bytes: Buffer) => bytes.fill(0), 'VIDEO_TS.IFO is damaged'],
    ['a table that is cut short', (bytes: Buffer) => bytes.subarray(0, 200), 'VIDEO_TS.IFO is damaged'],
  ])('is refused as a whole for %s', async (_, act, message) => {
    const folder = await copyOfDvds();
    await change(join(folder, folderDisc, 'VIDEO_TS.IFO'), act);
    await expect(titlesOf(folder, folderDisc)).rejects.toMatchObject({ kind: 'bad-source', message });
  });

  it('has only titles with a reason where the tables of their set are cut short', async () => {
    const folder = await copyOfDvds();
    await truncate(join(folder, folderDisc, 'VTS_01_0.IFO'), 3000);
    for (const reason of await reasons(folder)) expect(reason).toMatch(/^VTS_01_0\.IFO is damaged \(byte \d+ of 3000/);
  });

  it('has no title whose cells lie behind the last VOB', async () => {
    const folder = await copyOfDvds();
    await truncate(join(folder, folderDisc, 'VTS_01_1.VOB'), 200 * SECTOR);
    const found = await reasons(folder);
    expect(found[0]).toMatch(/a cell ends at byte \d+ of the VOBs, which have 409600/);
    expect(found.filter((reason) => reason === undefined).length).toBeLessThan(5);
  });

  it('has no title where there is no VOB', async () => {
    const folder = await copyOfDvds();
    await rm(join(folder, folderDisc, 'VTS_01_1.VOB'));
    expect((await reasons(folder)).filter((reason) => reason === undefined)).toEqual([]);
  });

  it.each([
    [0xa3, 1, 'its programs are shuffled'],
    [3, 0, 'a program begins with cell'],
  ])('says so of a program chain with byte %d set to %d', async (at, value, reason) => {
    const folder = await copyOfDvds();
    await change(join(folder, folderDisc, 'VTS_01_0.IFO'), (bytes) => {
      const chains = bytes.readUInt32BE(0xcc) * SECTOR;
      bytes[chains + bytes.readUInt32BE(chains + 12) + at] = value;
    });
    const [first, ...others] = await reasons(folder);
    expect(first).toContain(reason);
    expect(others).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('never does more than to be refused, whatever its tables say', () => {
    const bytes = fc.array(fc.tuple(fc.nat(setTables.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 });
    const length = fc.nat(setTables.length);
    fc.assert(
      fc.property(bytes, length, fc.boolean(), (changes, end, cut) => {
        const disc = Buffer.from(discTables);
        const set = Buffer.from(setTables);
        for (const [at, value] of changes) {
          set[at] = value;
          disc[at % disc.length] = value;
        }
        try {
          for (const { inSet } of titleEntries(disc, 'a')) playingOf(cut ? set.subarray(0, end) : set, 'b', inSet);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('a damaged image', () => {
  const image = 'disc2.iso';
  const root = discSectors + 156;

  it.each([
    ['no file system', (bytes: Buffer) => void bytes.fill(0, discSectors, discSectors + SECTOR), 'is no DVD'],
    ['a folder that is itself', (bytes: Buffer) => selfReferring(bytes), 'VIDEO_TS.IFO is missing'],
    ['a folder of four gigabytes', (bytes: Buffer) => void bytes.writeUInt32LE(0xffff_ffff, root + 10), 'a folder has'],
    [
      'a folder behind its end',
      (bytes: Buffer) => void bytes.writeUInt32LE(0x7fff_ffff, root + 2),
      'it ends before byte',
    ],
    ['its end missing', (bytes: Buffer) => bytes.subarray(0, bytes.length - 200 * SECTOR), 'should end at byte'],
    ['nothing but a header', (bytes: Buffer) => bytes.subarray(0, 100), 'it ends before byte'],
  ])('is refused for %s', async (_, act, words) => {
    const folder = await copyOfDvds();
    await change(join(folder, image), act);
    const refused = await titlesOf(folder, image).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused instanceof Failure && `${refused.message} ${refused.evidence ?? ''}`).toContain(words);
  });

  /** VIDEO_TS becomes the root folder, in which VIDEO_TS lies. */
  function selfReferring(bytes: Buffer): void {
    const folder = bytes.readUInt32LE(root + 2) * SECTOR;
    const at = bytes.indexOf('VIDEO_TS', folder, 'latin1') - 33;
    bytes.copy(bytes, at + 2, root + 2, root + 18);
  }
});

describe('titles of one program chain', () => {
  /** Title 2 enters the chain of `chain` with its program 2. */
  const entering = (chain: number) => {
    const tables = Buffer.from(setTables);
    const table = tables.readUInt32BE(0xc8) * SECTOR;
    const chapters = table + tables.readUInt32BE(table + 12);
    for (const at of [chapters, chapters + 4]) tables.writeUInt16BE(chain, at);
    for (const at of [chapters + 2, chapters + 6]) tables.writeUInt16BE(2, at);
    return playingOf(tables, 'VTS_01_0.IFO', 2);
  };

  it('cannot be told apart where one begins in the middle of another', () => {
    expect(entering(1)).toBe('it begins in the middle of another title');
  });

  it('begin where their first chapter does', () => {
    const playing = entering(2);
    expect(typeof playing === 'string' ? playing : playing.cells.map(({ vob, id }) => `${vob}/${id}`)).toEqual(['1/2']);
    expect(typeof playing === 'string' ? playing : playing.chapters).toEqual([0, 0]);
  });
});
