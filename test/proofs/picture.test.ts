import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRenderer } from '../../src/agent/render.js';
import type { EngineName } from '../../src/domain/profile.js';
import type { SegmentTask } from '../../src/engines/engine.js';
import { wrongs, type Wrong } from '../../src/proofs/alarms.js';
import { compare } from '../../src/proofs/compare.js';
import { pictureProof } from '../../src/proofs/picture-proof.js';
import { saveStill } from '../../src/proofs/still.js';
import { hevc, makeRestored, taskIn, type Wanted } from '../engines/task.js';
import { ffmpeg } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';
import { nearestModel } from '../models/tiny-models.js';
import { sabotage, sabotaged } from './sabotage.js';

const FRAMES = 60;
const SIZE = { width: 320, height: 240 };
const target = { width: 1280, height: 960 };
const at = { first: 1000, timeOf: (frame: number) => frame / 24 };
let folder: string;
let good: SegmentTask;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-proof-'));
  good = await rendered('good', 'testsrc2=SIZE', { encode: { ...hevc, preset: 'ultrafast' }, target });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A segment rendered by the real engine from a filter source. */
async function rendered(
  name: string,
  source: string,
  wanted: Wanted,
  frames = FRAMES,
  shape: Partial<SegmentTask> = SIZE,
): Promise<SegmentTask> {
  const files = { input: join(folder, `${name}.restored.mkv`), output: join(folder, `${name}.mkv`) };
  const task = taskIn(folder, wanted, { ...shape, ...files, frames });
  const renderer = openRenderer({ tools, models: [], threads: 2, backends: ['cpu'] });
  await makeRestored(task, source);
  await renderer.render(task, { signal: new AbortController().signal, onFrames: () => undefined });
  await renderer.close();
  return task;
}

const seenAfter = async (filter: string, engine: EngineName = 'ffmpeg'): Promise<Wrong[]> =>
  wrongs(await compare(tools, await sabotaged(good, filter)), engine);

describe('the proof of a good picture', () => {
  it('has high levels and no alarm for the ffmpeg engine, and leaves no file behind', async () => {
    const compared = await compare(tools, good);
    expect(wrongs(compared, 'ffmpeg')).toEqual([]);
    const { ssim, xpsnr, scenes } = pictureProof(compared, at, []);
    expect(ssim.mean).toBeGreaterThan(0.97);
    expect(ssim.low).toBeGreaterThan(0.97);
    expect(xpsnr.mean).toBeGreaterThan(33);
    expect(scenes).toBe(1);
    expect((await readdir(folder)).filter((name) => /cells|vmaf/.test(name))).toEqual([]);
  });

  it('has no alarm for a model, with grain over it', async () => {
    const model = join(folder, 'nearest.onnx');
    await writeFile(model, nearestModel());
    const upscale = { engine: 'onnx', model, strength: 1, grain: 4 } as const;
    const task = await rendered('model', 'testsrc2=SIZE', { upscale, encode: hevc, target: SIZE }, 30);
    const compared = await compare(tools, task);
    expect(wrongs(compared, 'ffmpeg')).toEqual([]);
    expect(pictureProof(compared, at, []).ssim.low).toBeGreaterThan(0.8);
  });

  it.each(['ffmpeg', 1, 0.5])('has no alarm for colours that video has and RGB has not: %s', async (strength) => {
    const model = join(folder, 'beyond.onnx');
    await writeFile(model, nearestModel());
    const upscale =
      typeof strength === 'string'
        ? ({ engine: 'ffmpeg', scaler: 'lanczos', grain: 0 } as const)
        : ({ engine: 'onnx', model, strength, grain: 0 } as const);
    const wanted = { upscale, encode: hevc, target: SIZE };
    const task = await rendered('beyond', 'testsrc2=SIZE,hue=h=47', wanted);
    expect(wrongs(await compare(tools, task), 'onnx')).toEqual([]);
  });

  it('compares pictures of the same colours: SD in, HD out', async () => {
    const { frames } = await compare(tools, await rendered('red', 'color=0xc02030:SIZE', { target }, 4));
    expect(frames[2]?.saturation).toBeGreaterThan(30);
    expect(frames[2]?.colour).toBeLessThan(1.5);
  });

  it.each([
    { width: 101, height: 75, pixelFormat: 'yuv444p' },
    { width: 102, height: 75, pixelFormat: 'yuv420p' },
    { width: 16, height: 12, pixelFormat: 'yuv422p10le' },
  ])('compares every size and format that a source may have: %o', async (shape) => {
    const task = await rendered(`${shape.width}`, 'testsrc2=SIZE', { target: { width: 204, height: 150 } }, 4, shape);
    expect(wrongs(await compare(tools, task), 'ffmpeg')).toEqual([]);
  });

  it('raises nothing for scenes that are black, dark or frozen in the source', async () => {
    const scenes = [
      'color=black:SIZE,trim=end_frame=16',
      'testsrc2=SIZE,lutyuv=y=16+(val-16)/12:u=128:v=128,trim=end_frame=16',
      'testsrc2=SIZE,loop=16:1,trim=end_frame=16',
      'testsrc2=SIZE,fade=in:0:12,trim=end_frame=16',
    ].map((scene, i) => `${scene.replace('SIZE', 's=320x240:r=24')},format=yuv420p,setpts=N/24/TB[s${i}]`);
    const source = `${scenes.join(';')};[s0][s1][s2][s3]concat=n=4`;
    const task = await rendered('scenes', source, { encode: hevc, target }, 64);
    const compared = await compare(tools, task);
    expect(wrongs(compared, 'ffmpeg')).toEqual([]);
    expect(pictureProof(compared, at, []).scenes).toBeGreaterThan(1);
  });
});

describe('VMAF', () => {
  it('is measured on every fifth frame, high for the good picture and lowest in the scene that lost its detail', async () => {
    const scenes = ['testsrc2', 'mandelbrot'].map(
      (scene) => `${scene}=s=320x240:r=24,format=yuv420p,trim=end_frame=24`,
    );
    const source = `${scenes.join('[a];')}[b];[a][b]concat`;
    const task = await rendered('detail', source, { encode: hevc, target: SIZE }, 48);
    const clear = await compare(tools, task);
    expect([...(clear.vmaf?.keys() ?? [])]).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    expect(pictureProof(clear, at, []).vmaf?.low).toBeGreaterThan(90);
    const soft = await compare(tools, await sabotaged(task, "gblur=sigma=3:enable='gte(n,24)'"));
    const level = pictureProof(soft, at, []).vmaf;
    expect(level).toMatchObject({ frame: at.first + 24, seconds: (at.first + 24) / 24 });
    expect(level?.low).toBeLessThan((level?.mean ?? 0) - 10);
  });

  it('is left out where the ffmpeg has none, and where the picture is too small for it', async () => {
    const bare = join(folder, 'bare-ffmpeg');
    await writeFile(
      bare,
      `#!/bin/sh\ncase "$*" in *filter=libvmaf) echo "Unknown filter";; *) exec "${tools.ffmpeg}" "$@";; esac\n`,
    );
    await chmod(bare, 0o755);
    const without = await compare({ ffmpeg: bare }, good);
    expect(without.frames).toHaveLength(FRAMES);
    expect(without).not.toHaveProperty('vmaf');
    expect(pictureProof(without, at, [])).not.toHaveProperty('vmaf');
    const tiny = await rendered('tiny', 'testsrc2=SIZE', { target: SIZE }, 4, { width: 60, height: 44 });
    expect(await compare(tools, tiny)).not.toHaveProperty('vmaf');
  });
});

describe('the proof of a picture that is wrong', () => {
  it.each([
    ['a green frame in the middle', sabotage.green(30), { kind: 'green', first: 30, frames: 1, certain: true }],
    ['a black run', sabotage.black(20, 31), { kind: 'black', first: 20, frames: 12, certain: true }],
    ['a frozen run', sabotage.frozen(20, 39), { kind: 'frozen', first: 20, frames: 20, certain: true }],
    ['one frame that stands still', sabotage.frozen(20, 20), { kind: 'frozen', first: 20, frames: 1, certain: false }],
    ['swapped colours', sabotage.swapped(), { kind: 'colour', first: 0, frames: FRAMES, certain: true }],
    ['a broken tile of 64 × 64', sabotage.tile(30), { kind: 'tile', first: 30, frames: 1, certain: false }],
  ])('names %s', async (_, filter, wrong) => {
    expect(await seenAfter(filter)).toMatchObject([wrong]);
  });

  it('names frames after one that is lost, and the last that had to be shown twice', async () => {
    expect(await seenAfter(sabotage.shifted(20))).toMatchObject([
      { kind: 'shifted', first: 20, frames: 39, certain: true },
      { kind: 'frozen', first: 59, frames: 1, certain: false },
    ]);
  });

  it('refuses the watermark of an engine that has one, and tells where it is', async () => {
    const [mark, ...others] = await seenAfter(sabotage.mark(), 'topaz');
    expect(others).toEqual([]);
    expect(mark).toMatchObject({ kind: 'mark', first: 0, frames: FRAMES, certain: true });
    expect(mark?.evidence).toMatch(/^bottom right: \d+ blocks/);
  });

  it.each([
    ['something that stands still', sabotage.mark(), 'mark'],
    ['no colours', 'hue=s=0', 'colour'],
    ['other colours', 'hue=h=90', 'colour'],
    ['another brightness', 'lutyuv=y=(val-16)*0.6+16', 'colour'],
  ])('takes for a style of an open model, and reports: %s', async (_, filter, kind) => {
    expect(await seenAfter(filter)).toMatchObject([{ kind, certain: false }]);
  });

  it('refuses frames of another picture altogether', async () => {
    const found = await seenAfter(sabotage.unlike(20, 39));
    expect(found.some(({ certain, first }) => certain && first === 20)).toBe(true);
  });

  it('refuses a segment that lacks a frame', async () => {
    const short = await sabotaged(good, `select=lt(n\\,${FRAMES - 1})`);
    await expect(compare(tools, short)).rejects.toMatchObject({
      kind: 'verify-failed',
      evidence: `${FRAMES - 1} frames of ${FRAMES}`,
    });
  });
});

describe('a still', () => {
  it('shows the restored frame beside the rendered one', async () => {
    const wrong = await sabotaged(good, sabotage.green(30));
    const still = join(folder, 'still.png');
    await saveStill(tools, wrong, 30, still);
    // Left and right half as one pixel each: the test picture's mean, and green.
    const raw = join(folder, 'still.raw');
    const halves = 'scale=2:1:flags=area,format=rgb24';
    await ffmpeg('-i', still, '-vf', halves, '-f', 'rawvideo', raw);
    const [left = 0, , , ...right] = await readFile(raw);
    expect(left).toBeGreaterThan(80);
    expect(right.map((code) => code > 60)).toEqual([false, true, false]);
  });
});
