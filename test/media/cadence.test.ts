import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { probe } from '../../src/media/probe.js';
import * as fixtures from '../fixtures/media.js';
import { tools } from '../helpers/tools.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-cadence-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function judge(path: string) {
  const info = await probe(tools, path);
  return detectCadence(tools, filmOfFile(path, info), info);
}

async function synthetic(name: string, source: string, filters: string, ...encoder: string[]): Promise<string> {
  const path = join(folder, name);
  await fixtures.ffmpeg('-f', 'lavfi', '-i', source, '-vf', filters, '-pix_fmt', 'yuv420p', ...encoder, path);
  return path;
}

const GRAIN = 'noise=alls=12:allf=t:all_seed=1';
const MPEG2 = ['-c:v', 'mpeg2video', '-b:v', '6M'];

describe('the cadence of a source', () => {
  it('is progressive for film as coded', async () => {
    expect(await judge(await fixtures.progressive(folder, 120))).toMatchObject({ cadence: 'progressive' });
  });

  it.each([
    ['top', 'tff'],
    ['bottom', 'bff'],
  ] as const)('is hard telecine with the right field order for film in video, %s field first', async (first, order) => {
    const verdict = await judge(await fixtures.hardTelecine(folder, 120, first));
    expect(verdict).toMatchObject({ cadence: 'hard-telecine', fieldOrder: order });
    expect(verdict.confidence).toBeGreaterThan(0.9);
    expect(verdict.evidence).toBe('150 frames: 100 % hard-telecine');
    expect(verdict.passages).toEqual([{ kind: 'film', first: 0, frames: 150, phase: 0 }]);
  });

  it('is hard telecine also where grain hides the repeated fields', async () => {
    const path = await fixtures.hardTelecine(folder, 120, 'top', GRAIN);
    expect(await judge(path)).toMatchObject({ cadence: 'hard-telecine', fieldOrder: 'tff' });
  });

  it.each(['mkv', 'vob'])('is soft telecine where flags repeat the fields (.%s)', async (extension) => {
    const verdict = await judge(await fixtures.softTelecine(folder, 120, extension));
    expect(verdict).toMatchObject({ cadence: 'soft-telecine', confidence: 1 });
    expect(verdict.evidence).toBe('120 frames: 100 % soft-telecine');
    expect(verdict).not.toHaveProperty('passages');
  });

  it.each(['tff', 'bff'] as const)('is interlaced with the right field order for video (%s)', async (order) => {
    expect(await judge(await fixtures.interlaced(folder, 240, order))).toMatchObject({
      cadence: 'interlaced',
      fieldOrder: order,
    });
  });

  it('is interlaced for PAL video, never telecine', async () => {
    const path = await synthetic('pal.mkv', 'testsrc2=s=720x576:r=50:d=4', 'interlace=scan=tff', ...MPEG2);
    expect(await judge(path)).toMatchObject({ cadence: 'interlaced', fieldOrder: 'tff' });
  });

  it('is progressive for pictures whose fine lines look like fields', async () => {
    const path = await synthetic('lines.mkv', 'testsrc2=s=320x240:r=30000/1001:d=6', 'null', ...MPEG2);
    expect(await judge(path)).toMatchObject({ cadence: 'progressive' });
  });

  it('is progressive where nothing moves', async () => {
    const path = await synthetic('still.mkv', 'smptebars=s=320x240:r=30000/1001:d=4', GRAIN, ...MPEG2);
    expect(await judge(path)).toMatchObject({ cadence: 'progressive', confidence: 1 });
  });

  it('is progressive for grainy film at 24 and for anything at 60 frames a second', async () => {
    const film = await synthetic('grain.mkv', 'testsrc2=s=320x240:r=24:d=5', GRAIN, ...MPEG2);
    expect(await judge(film)).toMatchObject({ cadence: 'progressive' });
    const fast = await synthetic('fast.mp4', 'testsrc2=s=320x240:r=60:d=2', 'null', '-c:v', 'libx264');
    const verdict = await judge(fast);
    expect(verdict).toMatchObject({ cadence: 'progressive', confidence: 1 });
    expect(verdict.evidence).toContain('60.00 frames a second');
  });
});
