import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRenderer, type Renderer } from '../../src/agent/render.js';
import type { EncodeStep, UpscaleStep } from '../../src/domain/profile.js';
import type { SegmentTask } from '../../src/engines/engine.js';
import { deviationOf, frameHashes, headersOf, meanOf, planesOf } from '../engines/pixels.js';
import { classic, hd, hevc, makeRestored, MOVING, taskIn, type Wanted } from '../engines/task.js';
import { temporaryFolder } from '../helpers/folder.js';
import { tools } from '../helpers/tools.js';
import { until } from '../helpers/until.js';
import { nearestModel } from '../models/tiny-models.js';

const SIZE = [256, 192] as const;
let models: string;
let renderer: Renderer;

beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'taaf-models-'));
  await writeFile(join(models, 'nearest.onnx'), nearestModel());
  renderer = openRenderer({ tools, models: [], threads: 1, backends: ['cpu'] });
});

afterAll(async () => {
  await renderer.close();
  await rm(models, { recursive: true });
});

const ai = (more: { strength?: number; grain?: number } = {}): UpscaleStep => ({
  engine: 'onnx',
  model: join(models, 'nearest.onnx'),
  strength: 1,
  grain: 0,
  ...more,
});

interface Render {
  readonly source?: string;
  readonly wanted?: Wanted;
  readonly more?: Partial<SegmentTask>;
}

async function render({ source = MOVING, wanted = {}, more = {} }: Render): Promise<SegmentTask> {
  const task = taskIn(await temporaryFolder(), wanted, more);
  await makeRestored(task, source);
  await renderer.render(task, { signal: new AbortController().signal, onFrames: () => undefined });
  return task;
}

const patch = (luma: number, u: number, v: number): string =>
  `color=black:SIZE,format=yuv444p,lutyuv=y=${luma}:u=${u}:v=${v}`;

/** Every code value that a plane's frame holds. */
const levelsOf = (plane: Uint16Array): number => new Set(plane).size;

describe.each([
  ['ffmpeg', () => classic],
  ['onnx', ai],
] as const)('rendering with the %s engine', (name, upscale) => {
  it('gives exactly the frames that went in, and tells its progress', async () => {
    const task = taskIn(await temporaryFolder(), { upscale: upscale() }, { frames: 13 });
    await makeRestored(task, MOVING);
    const told: number[] = [];
    const by = await renderer.render(task, {
      signal: new AbortController().signal,
      onFrames: (frames) => told.push(frames),
    });
    expect(frameHashes(task.output)).toHaveLength(13);
    expect(new Set(frameHashes(task.output)).size).toBe(13);
    expect(told.at(-1)).toBe(13);
    expect(by).toMatch(name === 'ffmpeg' ? /^ffmpeg$/ : /nearest.onnx on cpu$/);
  });

  it('gives the same bytes twice, whatever the number of threads', async () => {
    const bytes = async (threads: number) => {
      const wanted = { upscale: { ...upscale(), grain: 3 }, encode: hevc, target: { width: 256, height: 256 } };
      return readFileSync((await render({ wanted, more: { threads } })).output);
    };
    const first = await bytes(1);
    expect((await bytes(1)).equals(first)).toBe(true);
    expect((await bytes(4)).equals(first)).toBe(true);
  });

  it('converts a red patch from SD to HD colour within 2 codes of 10 bits', async () => {
    const { output } = await render({ source: patch(65, 100, 212), wanted: { upscale: upscale() } });
    const { y, u, v } = planesOf(output, ...SIZE);
    const middle = (plane: Uint16Array) => plane[plane.length >> 1];
    expect([middle(y), middle(u), middle(v)]).toEqual(redInHd().map((code) => near(code, 2)));
  });

  it('leaves HD colour as it is', async () => {
    const { output } = await render({ source: patch(120, 90, 200), wanted: { upscale: upscale(), colour: hd } });
    const { y, u, v } = planesOf(output, ...SIZE);
    expect([meanOf(y), meanOf(u), meanOf(v)]).toEqual([480, 360, 800].map((code) => near(code, 1)));
  });

  it('puts grain of the asked strength over brightness alone, other in every frame and segment', async () => {
    const grey = { source: patch(126, 128, 128), wanted: { upscale: upscale() } };
    const grained = { ...grey, wanted: { upscale: { ...upscale(), grain: 4 } } };
    const plain = planesOf((await render(grey)).output, ...SIZE);
    const { output } = await render(grained);
    const { y, u } = planesOf(output, ...SIZE);
    expect(deviationOf(plain.y)).toBe(0);
    expect(deviationOf(y)).toBeGreaterThan(4 * 4 * 0.85);
    expect(deviationOf(y)).toBeLessThan(4 * 4 * 1.15);
    expect(Math.abs(meanOf(y) - meanOf(plain.y))).toBeLessThan(3);
    expect(deviationOf(u)).toBe(0);
    const frames = frameHashes(output);
    expect(new Set(frames).size).toBe(frames.length);
    const next = await render({ ...grained, more: { segment: 4 } });
    expect(frameHashes(next.output)[0]).not.toBe(frames[0]);
  });
});

const near = (value: number, by: number): unknown => expect.closeTo(value, -Math.log10(by * 2) - 1e-9);

/** The red patch by the formulas of the standards, on a display of gamma 2.4 (BT.1886): 10-bit code values in BT.709. */
function redInHd(): readonly number[] {
  const [luma, cb, cr] = [(65 - 16) / 219, (100 - 128) / 224, (212 - 128) / 224];
  const r = luma + 1.402 * cr;
  const b = luma + 1.772 * cb;
  const g = (luma - 0.299 * r - 0.114 * b) / 0.587;
  const linear = (c: number) => Math.max(0, c) ** 2.4;
  const curve = (c: number) => Math.max(0, c) ** (1 / 2.4);
  const [R, G, B] = [linear(r), linear(g), linear(b)];
  // SMPTE 170M's primaries in BT.709's, both with the white of D65.
  const hdLinear = [
    0.939_542 * R + 0.050_181_3 * G + 0.010_276_5 * B,
    0.017_772_2 * R + 0.965_793 * G + 0.016_434_9 * B,
    -0.001_621_6 * R - 0.004_369_8 * G + 1.005_991_4 * B,
  ];
  const [red = 0, green = 0, blue = 0] = hdLinear.map(curve);
  const y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return [64 + 876 * y, 512 + (896 * (blue - y)) / 1.8556, 512 + (896 * (red - y)) / 1.5748];
}

describe.each(['hevc', 'h264', 'av1', 'ffv1', 'prores'] as const)('segments in %s', (codec) => {
  const encode: EncodeStep = { ...hevc, codec, preset: codec === 'av1' ? '12' : 'ultrafast' };

  it('have the same bytes whatever the number of threads, and the same headers whatever the picture', async () => {
    const one = await render({ wanted: { encode }, more: { threads: 1 } });
    const four = await render({ wanted: { encode }, more: { threads: 4 } });
    expect(readFileSync(four.output).equals(readFileSync(one.output))).toBe(true);
    const other = await render({ source: patch(100, 90, 200), wanted: { encode }, more: { frames: 5, segment: 9 } });
    expect(headersOf(other.output)).toEqual(headersOf(one.output));
    expect(headersOf(one.output)).toMatchObject({ color_primaries: 'bt709', color_space: 'bt709', color_range: 'tv' });
  });
});

describe('the model’s picture', () => {
  it('keeps more than 100 levels of a dark gradient', async () => {
    const gradient = 'color=black:SIZE,format=yuv420p10le,geq=lum=64+X/2:cb=512:cr=512';
    const more = { width: 256, height: 32, pixelFormat: 'yuv420p10le' };
    const { output } = await render({
      source: gradient,
      wanted: { upscale: ai(), target: { width: 1024, height: 128 } },
      more,
    });
    const { y } = planesOf(output, 1024, 128);
    const [darkest, brightest] = [y.reduce((a, b) => Math.min(a, b)), y.reduce((a, b) => Math.max(a, b))];
    expect(brightest - darkest).toBeLessThan(140);
    expect(levelsOf(y)).toBeGreaterThan(100);
  });

  it('at strength 0 is the Lanczos picture, and half of both at a half', async () => {
    const hashes = async (upscale: UpscaleStep) => frameHashes((await render({ wanted: { upscale } })).output);
    const luma = async (upscale: UpscaleStep) => planesOf((await render({ wanted: { upscale } })).output, ...SIZE, 5).y;
    expect(await hashes(ai({ strength: 0 }))).toEqual(await hashes(classic));
    const [model, lanczos, half] = [await luma(ai()), await luma(classic), await luma(ai({ strength: 0.5 }))];
    const off = half.map((value, at) => Math.abs(2 * value - (model[at] ?? 0) - (lanczos[at] ?? 0)));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
    expect(deviationOf(model.map((value, at) => Math.abs(value - (lanczos[at] ?? 0))))).toBeGreaterThan(1);
  });
});

describe('a render that goes wrong', () => {
  const failing = async (task: SegmentTask, by = renderer): Promise<unknown> => {
    const told = by.render(task, { signal: new AbortController().signal, onFrames: () => undefined });
    return told.then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  it.each([
    ['ffmpeg', () => classic, 'could not upscale segment 3'],
    ['onnx', ai, 'could not decode segment 3'],
  ] as const)('names a restored segment that is no video and leaves no file (%s)', async (_, upscale, what) => {
    const task = taskIn(await temporaryFolder(), { upscale: upscale() });
    await writeFile(task.input, 'no video at all');
    expect(await failing(task)).toMatchObject({
      kind: 'engine-crashed',
      message: expect.stringContaining(what) as string,
      evidence: expect.stringContaining('Invalid data found') as string,
    });
    expect(existsSync(task.output)).toBe(false);
  });

  it.each([
    ['ffmpeg', () => classic, 9],
    ['ffmpeg', () => classic, 7],
    ['onnx', ai, 9],
    ['onnx', ai, 7],
  ] as const)('is no segment when the count of frames is wrong (%s, %o, %i)', async (_, upscale, frames) => {
    const task = taskIn(await temporaryFolder(), { upscale: upscale() });
    await makeRestored(task, MOVING);
    expect(await failing({ ...task, frames })).toMatchObject({ kind: 'verify-failed' });
    expect(existsSync(task.output)).toBe(false);
  });

  it.each([
    ['ffmpeg', () => classic],
    ['onnx', ai],
  ] as const)('says that the disk is full (%s)', async (_, upscale) => {
    const task = taskIn(await temporaryFolder(), { upscale: upscale() });
    await makeRestored(task, MOVING);
    await symlink('/dev/full', task.output);
    expect(await failing(task)).toMatchObject({ kind: 'disk-full' });
    expect(existsSync(task.output)).toBe(false);
  });

  it('says which program died, not whose pipe broke', async () => {
    const task = taskIn(await temporaryFolder(), { upscale: ai() }, { frames: 40 });
    await makeRestored(task, MOVING);
    const error = await failing({ ...task, output: join(task.output, 'no-such-folder', 'x.mkv') });
    expect(error).toMatchObject({
      kind: 'engine-crashed',
      message: expect.stringContaining('could not encode') as string,
    });
  });

  it('ends both programs at once when it is aborted', async () => {
    const task = taskIn(
      await temporaryFolder(),
      { upscale: ai(), encode: { ...hevc, preset: 'slow' } },
      { frames: 2000 },
    );
    await makeRestored(task, MOVING);
    const stop = new AbortController();
    const done = renderer.render(task, { signal: stop.signal, onFrames: (frames) => frames === 2 && stop.abort() });
    await expect(done).rejects.toMatchObject({ kind: 'cancelled' });
    expect(existsSync(task.output)).toBe(false);
    await until(() => programsOn(task.input).length === 0);
  });

  it('is over before it began when it is aborted already', async () => {
    const task = taskIn(await temporaryFolder(), { upscale: ai() });
    await makeRestored(task, MOVING);
    const done = renderer.render(task, { signal: AbortSignal.abort(), onFrames: () => undefined });
    await expect(done).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('goes on with a new session after one has died', async () => {
    const model = join(models, 'picky.onnx');
    await writeFile(model, nearestModel({ multipleOf: 16 }));
    const upscale: UpscaleStep = { engine: 'onnx', model, strength: 1, grain: 0 };
    const odd = taskIn(await temporaryFolder(), { upscale }, { width: 60, height: 44 });
    await makeRestored(odd, MOVING);
    expect(await failing(odd)).toMatchObject({ kind: 'engine-crashed' });
    await expect(render({ wanted: { upscale } })).resolves.toBeDefined();
  });
});

/** Processes whose command line names a file. */
const programsOn = (file: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => commandOf(pid).includes(file));

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
