import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayAspect } from '../../src/domain/geometry.js';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { sourceInput } from '../../src/media/ffmpeg.js';
import { probe } from '../../src/media/probe.js';
import { isBitmapSubtitle } from '../../src/media/streams.js';
import { subtitlePictures } from '../../src/media/subtitle-pictures.js';
import { tools } from '../helpers/tools.js';

const folder = join(import.meta.dirname, '..', '..', 'assets', 'example-season');
const first = join(folder, 'Example Show - S01E01 - Bunny.mkv');
const second = join(folder, 'Example Show - S01E02 - Yawn.mkv');

describe('the example season', () => {
  it('is small, and credits whom it owes its picture', async () => {
    const names = await readdir(folder);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    expect(names.filter((name) => name.endsWith('.mkv'))).toHaveLength(2);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(800_000);
    expect(await readFile(join(folder, 'CREDITS.md'), 'utf8')).toContain('Blender Foundation');
  });

  it.each([
    [first, 'hard-telecine', 352, 480],
    [second, 'progressive', 352, 240],
  ])('%s looks like a DVD: %s, %i×%i', async (file, cadence, width, height) => {
    const info = await probe(tools, file);
    expect(info.picture).toMatchObject({ codec: 'mpeg2video', width, height });
    expect(displayAspect(info.picture)).toBeCloseTo(4 / 3, 3);
    expect(info.chapters.map(({ title }) => title)).toHaveLength(2);
    expect(info.streams.map(({ codec, language }) => [codec, language])).toEqual([
      ['ac3', 'eng'],
      ['ac3', 'deu'],
      ['dvd_subtitle', 'eng'],
    ]);
    expect((await detectCadence(tools, filmOfFile(file, info), info)).cadence).toBe(cadence);
  });

  it.each([
    [first, 2],
    [second, 1],
  ])('%s shows %i subtitles', async (file, count) => {
    const { streams } = await probe(tools, file);
    const [shown] = await subtitlePictures(tools, sourceInput(file), streams.filter(isBitmapSubtitle), { file });
    expect(shown).toHaveLength(count);
  });
});
