import { mkdtemp, rm, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSegment } from '../../src/media/check-segment.js';
import { ffmpeg, renderSegment, TARGET } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

const shape = { frames: 12, ...TARGET };
const film = { num: 24000, den: 1001 };
let folder: string;
let good: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-segment-'));
  good = at('good.mkv');
  await renderSegment(good, 12, film);
});
afterAll(() => rm(folder, { recursive: true }));

const tags = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv';

/** A segment like the good one, but for the filters and the encoder. */
async function made(name: string, filters: string, ...encoder: readonly string[]): Promise<string> {
  const picture = `testsrc2=size=64x48:rate=24000/1001,format=yuv420p10le,${filters}`;
  await ffmpeg('-f', 'lavfi', '-i', picture, '-frames:v', '12', ...encoder, at(name));
  return at(name);
}

const x265 = (params: string): string[] => ['-c:v', 'libx265', '-x265-params', `log-level=error:open-gop=0:${params}`];

describe('checking a segment', () => {
  it('gives the same parameter sets for another segment and for another number of threads', async () => {
    const { parameterSets } = await checkSegment(tools, good, shape);
    expect(parameterSets).toMatch(/^[0-9a-f]{64}$/);
    const other = at('other.mkv');
    await renderSegment(other, 7, film, 'pools=2:frame-threads=2');
    expect(await checkSegment(tools, other, { ...shape, frames: 7 })).toEqual({ parameterSets });
  });

  it('gives other parameter sets for another encoder setting', async () => {
    const { parameterSets } = await checkSegment(tools, good, shape);
    const other = await made('ctu.mkv', tags, ...x265('ctu=16'));
    expect((await checkSegment(tools, other, shape)).parameterSets).not.toBe(parameterSets);
  });

  it.each([
    ['H.264', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']],
    ['AV1', ['-c:v', 'libsvtav1', '-preset', '12']],
    ['FFV1', ['-c:v', 'ffv1', '-level', '3']],
    ['ProRes', ['-c:v', 'prores_ks', '-pix_fmt', 'yuv422p10le']],
  ])('knows %s', async (name, encoder) => {
    const picture = `${tags},scale=128:128:flags=neighbor,setsar=1`;
    const file = await made(`${name}.mkv`, picture, ...encoder);
    const { parameterSets } = await checkSegment(tools, file, { frames: 12, width: 128, height: 128 });
    expect(parameterSets).not.toBe('');
  });

  it.each([
    [{ ...shape, frames: 13 }, 'nb_read_packets is 12, not 13'],
    [{ ...shape, width: 128 }, 'width is 64, not 128'],
    [{ ...shape, height: 96 }, 'height is 48, not 96'],
  ])('refuses a segment that is not %o', async (wanted, evidence) => {
    await expect(checkSegment(tools, good, wanted)).rejects.toMatchObject({ kind: 'verify-failed', evidence });
  });

  it('refuses pixels that are not square', async () => {
    const file = await made('sar.mkv', `${tags},setsar=8/9`, ...x265('ctu=16'));
    await expect(checkSegment(tools, file, shape)).rejects.toMatchObject({
      evidence: 'sample_aspect_ratio is 8:9, not 1:1',
    });
  });

  it('refuses colours that are not tagged', async () => {
    const file = await made('untagged.mkv', 'null', ...x265('ctu=16'));
    await expect(checkSegment(tools, file, shape)).rejects.toMatchObject({
      evidence: 'color_primaries is unknown, not bt709',
    });
  });

  it('refuses a segment whose picture is damaged, though all packets are there', async () => {
    const file = await made('ffv1.mkv', tags, '-c:v', 'ffv1', '-level', '3', '-g', '1', '-slicecrc', '1');
    const bytes = await readFile(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    await writeFile(file, bytes);
    await expect(checkSegment(tools, file, shape)).rejects.toMatchObject({ kind: 'verify-failed' });
  });

  it('refuses a segment that was cut off', async () => {
    const file = at('cut.mkv');
    const bytes = await readFile(good);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    await expect(checkSegment(tools, file, shape)).rejects.toMatchObject({ kind: 'verify-failed' });
  });

  it('refuses what is no video', async () => {
    await writeFile(at('text.mkv'), 'no video');
    await expect(checkSegment(tools, at('text.mkv'), shape)).rejects.toMatchObject({ kind: 'verify-failed' });
  });

  it('ends when it is cancelled', async () => {
    await expect(checkSegment(tools, good, shape, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
