import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { copyArgv, titleArgv } from '../../src/discs/copy-argv.js';
import { copyOrigin, filmOf } from '../../src/discs/copy.js';
import { canvasOf, mendHeaders, withSize } from '../../src/discs/headers.js';
import { lookIntoOrigin } from '../../src/discs/look.js';
import { openOrigin } from '../../src/discs/origin.js';
import { titlesOf } from '../../src/discs/titles.js';
import type { Origin } from '../../src/domain/disc.js';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { sourceInput } from '../../src/media/ffmpeg.js';
import { frameHashes } from '../../src/media/frame-hashes.js';
import { probe } from '../../src/media/probe.js';
import { paintArgv } from '../../src/media/subtitle-pictures.js';
import { change, copyOfDvds, dvds, scramble, SECTOR } from '../helpers/discs.js';
import { temporaryFolder } from '../helpers/folder.js';
import { ffmpeg } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

const titleOf = (disc: string, title: number): Origin => ({ kind: 'title', disc, title, files: [] });
const folderTitle = titleOf('disc1/VIDEO_TS', 2);

async function copied(folder: string, origin: Origin): Promise<string> {
  const output = join(await temporaryFolder(), 'copy.mkv');
  await copyOrigin(tools, { folder, origin }, output);
  return output;
}

/** ffmpeg's input arguments that read a title from the disc itself. */
const fromDisc = (disc: string, title: number): string[] => [
  '-f',
  'dvdvideo',
  '-title',
  String(title),
  '-i',
  join(dvds, disc),
];

const packets = (input: readonly string[], streams: readonly number[]) =>
  frameHashes(tools, ['-copyts', ...input, ...streams.flatMap((index) => ['-map', `0:${index}`]), '-c', 'copy'], {
    file: 'a title',
    hash: 'murmur3',
  });

/** Cadence counts the frames of the film, and the copy is restored by them. */
async function expectFilmOfCopy(folder: string, origin: Origin): Promise<void> {
  const { feed } = filmOf(tools, await openOrigin(tools, { folder, origin }), undefined);
  const film = join(await temporaryFolder(), 'film.mkv');
  const { stream, done } = feed?.() ?? expect.fail();
  await Promise.all([pipeline(stream, createWriteStream(film)), done]);
  const [seen, owed] = [
    await packets(sourceInput(film), [0]),
    await packets(sourceInput(await copied(folder, origin)), [0]),
  ].map(([picture = []]) => picture.map(({ hash }) => hash));
  expect(seen).toEqual(owed);
}

describe('the copy of a title', () => {
  it.each([
    ['disc1/VIDEO_TS', 2],
    ['disc2.iso', 3],
  ])('has the streams, languages and chapters of the disc: %s, title %d', async (disc, title) => {
    const info = await probe(tools, await copied(dvds, titleOf(disc, title)));
    expect(info.picture).toMatchObject({ codec: 'mpeg2video', width: 352, height: 480, sar: { num: 20, den: 11 } });
    expect(info.durationSeconds).toBeCloseTo(3.003, 1);
    expect(info.streams.map(({ kind, codec, language }) => [kind, codec, language])).toEqual([
      ['audio', 'ac3', 'eng'],
      ['audio', 'ac3', 'ger'],
      ['subtitle', 'dvd_subtitle', 'eng'],
      ['subtitle', 'dvd_subtitle', 'ger'],
      ['subtitle', 'dvd_subtitle', 'fre'],
    ]);
    expect(info.streams.map(({ dispositions }) => dispositions)).toEqual([['default'], [], [], [], []]);
    expect(info.chapters.map(({ startSeconds }) => startSeconds)).toEqual([0, 1.434767]);
  });

  it('holds every packet of the disc, at its time', async () => {
    const streams = [0, 1, 2, 3, 4];
    const found = await packets(sourceInput(await copied(dvds, folderTitle)), streams);
    const owed = await packets(fromDisc('disc1', 2), streams);
    expect(found.map((stream) => stream.map(({ hash }) => hash))).toEqual(
      owed.map((stream) => stream.map(({ hash }) => hash)),
    );
    expect(found.map(({ length }) => length)).toEqual([90, 88, 88, 2, 1]);
    for (const [i, stream] of found.entries()) {
      for (const [n, { time }] of stream.entries()) expect(time).toBeCloseTo(owed[i]?.[n]?.time ?? NaN, 2);
    }
  });

  it('shows its subtitles in the colours of the disc, on the canvas that their places mean', async () => {
    const file = await copied(dvds, folderTitle);
    const subtitles = (await probe(tools, file)).streams.filter(({ kind }) => kind === 'subtitle');
    expect(subtitles.map(({ canvas }) => canvas)).toEqual(subtitles.map(() => ({ width: 720, height: 480 })));
    const painted = await frameHashes(tools, paintArgv(sourceInput(file), subtitles.slice(0, 2)), {
      file,
      hash: 'sha256',
    });
    const disc = ['-canvas_size', '720x480', ...fromDisc('disc1', 2)];
    const owed = await frameHashes(tools, paintArgv(disc, subtitles.slice(0, 2)), { file: 'a title', hash: 'sha256' });
    const pictures = (streams: typeof owed) => streams.map((stream) => [...new Set(stream.map(({ hash }) => hash))]);
    expect(pictures(painted)).toEqual(pictures(owed));
    expect(pictures(painted).map(({ length }) => length)).toEqual([3, 2]);
  });

  it('has the same bytes each time, and from another place', async () => {
    const elsewhere = await copyOfDvds();
    const first = await readFile(await copied(dvds, folderTitle));
    expect(first.equals(await readFile(await copied(dvds, folderTitle)))).toBe(true);
    expect(first.equals(await readFile(await copied(elsewhere, folderTitle)))).toBe(true);
  });

  it('is refused where the film ends too early', async () => {
    const folder = await copyOfDvds();
    const vob = join(folder, 'disc1/VIDEO_TS/VTS_01_1.VOB');
    const [, title] = await titlesOf(folder, 'disc1/VIDEO_TS');
    const half = title && 'film' in title ? title.bytes / 2 : 0;
    const { size } = await stat(vob);
    // The file has its length, and nothing in it: as of a disc with scratches.
    await truncate(vob, Math.floor(half / SECTOR) * SECTOR);
    await truncate(vob, size);
    await expect(copied(folder, folderTitle)).rejects.toMatchObject({ kind: 'bad-source' });
  });

  it('is refused for a title that is not there', async () => {
    await expect(copied(dvds, titleOf('disc2.iso', 6))).rejects.toMatchObject({
      kind: 'bad-source',
      message: 'Title 6 of disc2.iso cannot be played',
    });
  });

  it.each(['disc1/VIDEO_TS', 'disc2.iso'])(
    'is refused in one sentence where the disc is encrypted: %s',
    async (disc) => {
      const folder = await copyOfDvds();
      await change(join(folder, disc, disc.endsWith('.iso') ? '' : 'VTS_01_1.VOB'), scramble);
      const sentence = { kind: 'unsupported', message: `Title 2 of ${disc} is encrypted, and TAAF does not decrypt` };
      await expect(copied(folder, titleOf(disc, 2))).rejects.toMatchObject(sentence);
      await expect(lookIntoOrigin(tools, { folder, origin: titleOf(disc, 2) })).rejects.toMatchObject(sentence);
    },
  );

  it('names the ffmpeg that cannot read discs, and what to do', async () => {
    const ffmpeg = join(await temporaryFolder(), 'ffmpeg');
    await writeFile(ffmpeg, '#!/bin/sh\necho " D   matroska,webm  Matroska / WebM"\n');
    await chmod(ffmpeg, 0o755);
    const task = { folder: dvds, origin: folderTitle };
    await expect(copyOrigin({ ...tools, ffmpeg }, task, '/dev/null')).rejects.toMatchObject({
      kind: 'tool-missing',
      message: `${ffmpeg} cannot read DVDs`,
      next: expect.stringContaining('tools.ffmpeg') as string,
    });
  });
});

describe('a look into a title', () => {
  it('knows its streams, length, chapters and cadence without a copy of it', async () => {
    const { source, cadence } = await lookIntoOrigin(tools, { folder: dvds, origin: folderTitle });
    const copy = await copied(dvds, folderTitle);
    const whole = await probe(tools, copy);
    expect(source.streams).toEqual(whole.streams);
    expect(source.picture).toMatchObject({ ...whole.picture, durationSeconds: expect.closeTo(3.003, 3) as number });
    expect(source.chapters.map(({ startSeconds }) => startSeconds)).toEqual([0, expect.closeTo(1.435, 2)]);
    expect(cadence.cadence).toBe('progressive');
    expect(cadence).toEqual(await detectCadence(tools, filmOfFile(copy, whole), whole));
  });

  it.each([folderTitle, titleOf('disc2.iso', 3)])('sees the frames of the copy: $disc', async (origin) => {
    await expectFilmOfCopy(dvds, origin);
  });
});

describe('a look into damaged film', () => {
  it('says so without a word about temporary files', async () => {
    const folder = await copyOfDvds();
    await change(join(folder, 'disc1/VIDEO_TS/VTS_01_1.VOB'), (bytes) => {
      // Packs of private data only: there is no picture in them.
      for (let at = 0; at < bytes.length; at += SECTOR) if (bytes[at + 17] === 0xe0) bytes[at + 17] = 0xbe;
    });
    const refused = await lookIntoOrigin(tools, { folder, origin: folderTitle }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      kind: 'bad-source',
      message: expect.stringMatching(/its (beginning|film)/) as string,
    });
  });
});

describe('loose VOBs', () => {
  /** The film of both episodes, cut in two where no cell ends. */
  async function loose(): Promise<{ folder: string; origin: Origin }> {
    const folder = await temporaryFolder();
    const vob = await readFile(join(dvds, 'disc1/VIDEO_TS/VTS_01_1.VOB'));
    const cut = Math.floor(vob.length / SECTOR / 3) * SECTOR;
    const parts = [vob.subarray(0, cut), vob.subarray(cut)];
    await mkdir(join(folder, 'a|b'));
    for (const [i, part] of parts.entries()) await writeFile(join(folder, `a|b/VTS_01_${i + 1}.VOB`), part);
    const files = parts.map((part, i) => ({ path: `a|b/VTS_01_${i + 1}.VOB`, bytes: part.length, modifiedMs: 0 }));
    return { folder, origin: { kind: 'vobs', files } };
  }

  it('are joined with one clock, though that of the disc begins again with every episode', async () => {
    const { folder, origin } = await loose();
    const file = await copied(folder, origin);
    const info = await probe(tools, file);
    // Two episodes and the extra.
    expect(info.durationSeconds).toBeCloseTo(7.2, 0);
    expect(info.streams.map(({ kind, canvas, title }) => [kind, canvas?.width, title])).toEqual([
      ['audio', undefined, undefined],
      ['audio', undefined, undefined],
      ['subtitle', 720, undefined],
      ['subtitle', 720, undefined],
    ]);
    const [picture = []] = await packets(sourceInput(file), [0]);
    const times = picture.map(({ time }) => time).sort((a, b) => a - b);
    expect(times).toHaveLength(216);
    for (const [i, time] of times.entries()) if (i > 0) expect(time - (times[i - 1] ?? NaN)).toBeCloseTo(0.0334, 2);
  });

  it('are looked into like a title', async () => {
    const { folder, origin } = await loose();
    const { source, cadence } = await lookIntoOrigin(tools, { folder, origin });
    expect(source.streams).toHaveLength(4);
    expect(cadence.cadence).toBe('progressive');
    await expectFilmOfCopy(folder, origin);
  });
});

describe('the command that copies', () => {
  it('writes only the PCM of a disc anew', () => {
    const argv = copyArgv({ argv: titleArgv('/a disc', 3, true), pcm: [false, true] }, '/copy.mkv').join(' ');
    expect(argv).toMatch(/^-f dvdvideo -title 3 -angle 1 -preindex 1 -i \/a disc -map 0:v:0 /);
    expect(argv).toContain('-c copy -c:a:1 pcm_s24le ');
    expect(argv).not.toContain(' -t ');
  });
});

describe('the headers of a copy', () => {
  it.each([480, 576])('have the canvas in front of the palette, in no byte more: %d lines', (height) => {
    const palette = `palette: ${Array.from({ length: 16 }, (_, i) => String(i).padStart(6, '0')).join(', ')}\n`;
    const text = withSize(palette, { width: 720, height });
    expect(text.length).toBe(palette.length);
    expect(text.replaceAll(' ', '')).toBe(`size:720x${height}\n${palette.replaceAll(' ', '')}`);
  });

  it.each([
    [480, 480],
    [240, 480],
    [576, 576],
    [288, 576],
  ])('know the raster of a picture of %d lines', (height, lines) => {
    expect(canvasOf({ width: 352, height })).toEqual({ width: 720, height: lines });
  });

  it('call MPEG sound by the layer that DVDs have, and change nothing else', async () => {
    const file = join(await temporaryFolder(), 'sound.mkv');
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'sine=duration=1',
      '-c:a',
      'mp2',
      '-write_crc32',
      '0',
      '-fflags',
      '+bitexact',
      file,
    );
    const right = await readFile(file);
    await change(file, (bytes) => void bytes.write('A_MPEG/L1', bytes.indexOf('A_MPEG/L2'), 'latin1'));
    expect((await readFile(file)).equals(right)).toBe(false);
    await mendHeaders(file, { width: 720, height: 576 });
    expect((await readFile(file)).equals(right)).toBe(true);
  });
});
