import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRenderer, type Renderer } from '../../src/agent/render.js';
import { usualPlaces } from '../../src/agent/topaz/install.js';
import type { EncodeStep, UpscaleStep } from '../../src/domain/profile.js';
import type { SegmentTask } from '../../src/engines/engine.js';
import { checkSegment } from '../../src/media/check-segment.js';
import { frameHashes, headersOf, meanOf, planesOf } from '../engines/pixels.js';
import { classic, hevc, makeRestored, MOVING, taskIn } from '../engines/task.js';
import { temporaryFolder } from '../helpers/folder.js';
import { processes } from '../helpers/processes.js';
import { tools } from '../helpers/tools.js';
import { until } from '../helpers/until.js';
import { installTopaz, type FakeTopaz, type TopazState } from '../topaz/install.js';

const prob: UpscaleStep = { engine: 'topaz', model: 'prob-4', grain: 0 };
const good: TopazState = { licence: 'good' };
const SIZE = [256, 192] as const;

interface Scene {
  readonly folder: string;
  readonly fake: FakeTopaz;
  readonly renderer: Renderer;
}

async function scene(state: TopazState = good, build: '7' | '8' = '7'): Promise<Scene> {
  const folder = await temporaryFolder();
  const fake = await installTopaz(folder, state, build);
  return { folder, fake, renderer: rendererOf(folder, fake) };
}

/** As an agent that has just started on the machine. Limits are the least there are: 10 s. */
const rendererOf = (folder: string, { place }: FakeTopaz): Renderer =>
  openRenderer({ tools, models: [], threads: 1, topaz: place, scratch: folder, timeScale: 1000 });

interface Wish {
  readonly upscale?: UpscaleStep;
  readonly encode?: EncodeStep;
  readonly source?: string;
  readonly more?: Partial<SegmentTask>;
}

async function taskFor({ folder }: Scene, { upscale = prob, encode = hevc, source = MOVING, more }: Wish = {}) {
  const name = Math.random().toString(36).slice(2);
  const files = { input: join(folder, `${name}.restored.mkv`), output: join(folder, `${name}.mkv`) };
  const task = taskIn(folder, { upscale, encode }, { ...files, ...more });
  await makeRestored(task, source);
  return task;
}

const options = () => ({ signal: new AbortController().signal, onFrames: () => undefined });

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** The failure of one render; whatever it left behind is a failure of the test. */
async function failing(at: Scene, wish?: Wish): Promise<unknown> {
  const task = await taskFor(at, wish);
  const error = await failureOf(at.renderer.render(task, options()));
  expect(existsSync(task.output)).toBe(false);
  return error;
}

const valueOf = (argv: readonly string[] | undefined, option: string): string | undefined =>
  new RegExp(`[:=]${option}=([^:,]*)`).exec(argv?.[argv.indexOf('-vf') + 1] ?? '')?.[1];

describe('rendering with Topaz', () => {
  it('gives the exact frames, tagged, with the same parameter sets for every segment', async () => {
    const at = await scene();
    const told: number[] = [];
    const one = await taskFor(at, { more: { frames: 60 } });
    const by = await at.renderer.render(one, { ...options(), onFrames: (frames) => told.push(frames) });
    const two = await taskFor(at, { more: { frames: 13, segment: 4, threads: 2 }, source: 'color=red:SIZE' });
    await at.renderer.render(two, options());
    expect(by).toBe('topaz prob-4 ×4');
    expect(told.at(-1)).toBe(60);
    expect(new Set(frameHashes(one.output)).size).toBe(60);
    const shape = { width: 256, height: 192 };
    const sets = await checkSegment(tools, one.output, { ...shape, frames: 60 });
    expect(await checkSegment(tools, two.output, { ...shape, frames: 13 })).toEqual(sets);
    expect(headersOf(one.output)).toEqual(headersOf(two.output));
    // Licence, canary and render, licence; then render and licence: what the second segment needs before it is known.
    const kinds = (await at.fake.calls()).flatMap((argv) => {
      if (argv.includes('-h')) return [];
      return argv.includes('debug') ? 'licence' : argv.at(-1) === '-' ? 'canary' : 'render';
    });
    expect(kinds).toEqual(['licence', 'canary', 'render', 'licence', 'render', 'licence']);
  });

  it('fetches a model with the canary, and never in the middle of a render', async () => {
    const at = await scene();
    await at.renderer.render(await taskFor(at), options());
    const again = rendererOf(at.folder, at.fake);
    await again.render(await taskFor(at), options());
    const calls = (await at.fake.calls()).filter((argv) => !argv.includes('-h') && !argv.includes('debug'));
    expect(calls.map((argv) => valueOf(argv, 'download'))).toEqual(['1', '0', '0']);
  });

  // By swscale, in builds without zscale, a saturated red is off by 7 of 1023; not converting primaries would make it 44.
  it.each([
    ['zscale', true, 1],
    ['scale', false, 8],
  ])('takes to BT.709 as the classic engine does, by %s', async (_, zscale, tolerance) => {
    const source = 'color=black:SIZE,format=yuv444p,lutyuv=y=65:u=100:v=212';
    const at = await scene({ ...good, zscale });
    const patch = async (upscale: UpscaleStep) => {
      const task = await taskFor(at, { upscale, source, encode: { ...hevc, quality: 0 } });
      await at.renderer.render(task, options());
      const { y, u, v } = planesOf(task.output, ...SIZE);
      return [y, u, v].map(meanOf);
    };
    const expected = await patch(classic);
    const off = (await patch(prob)).map((code, i) => Math.abs(code - (expected[i] ?? 0)));
    expect(Math.max(...off)).toBeLessThanOrEqual(tolerance);
  });

  it('works with the options and the words of newer builds', async () => {
    const at = await scene({ licence: 'pair' }, '8');
    const task = await taskFor(at);
    await at.renderer.render(task, options());
    expect(frameHashes(task.output)).toHaveLength(8);
  });

  it('goes down the ladder when the GPU is small, and the machine remembers', async () => {
    const at = await scene({ ...good, vram: 0.5, scale: 2 });
    const task = await taskFor(at);
    expect(await at.renderer.render(task, options())).toBe('topaz prob-4 ×2×2');
    expect(frameHashes(task.output)).toHaveLength(8);
    const before = (await at.fake.calls()).length;
    await rendererOf(at.folder, at.fake).render(await taskFor(at), options());
    const after = (await at.fake.calls())
      .slice(before)
      .filter((argv) => argv.includes('-i') && !argv.includes('debug'));
    expect(after.map((argv) => [valueOf(argv, 'vram'), valueOf(argv, 'scale')])).toEqual([['0.5', '2']]);
  });
});

describe('a render with Topaz that goes wrong', () => {
  it.each([
    [
      'E44: exits 0 with frames missing and a warning',
      { fault: 'short', frames: 5 },
      'engine-crashed',
      /Waited too long/,
    ],
    [
      'E44: exits 0 with frames missing and no word',
      { fault: 'fewer', frames: 5 },
      'verify-failed',
      /5 frames instead of 8/,
    ],
    ['E39: exits 0 without a file', { fault: 'nothing' }, 'verify-failed', /0 frames instead of 8/],
    ['exits -22 with an empty file', { fault: 'refuse' }, 'unsupported', /exit code 234/],
    ['dies in the middle', { fault: 'crash', frames: 4 }, 'engine-crashed', /frame= +4 /],
    ['has no room on the GPU at all', { vram: 0.4 }, 'out-of-gpu-memory', /failed to alloc/],
  ] as const)('%s', async (_, state, kind, evidence) => {
    const at = await scene({ ...good, ...state });
    expect(await failing(at)).toMatchObject({ kind, evidence: expect.stringMatching(evidence) as string });
  });

  it('is a full disk', async () => {
    const at = await scene();
    const task = await taskFor(at, { more: { frames: 40 } });
    await symlink('/dev/full', task.output);
    expect(await failureOf(at.renderer.render(task, options()))).toMatchObject({ kind: 'disk-full' });
  });

  it('E43: hangs, and is gone with all its programs when the agent’s patience ends', async () => {
    const at = await scene({ ...good, fault: 'hang', frames: 5 });
    const task = await taskFor(at);
    const stop = new AbortController();
    const render = at.renderer.render(task, {
      signal: stop.signal,
      onFrames: (frames) => frames === 5 && stop.abort(),
    });
    expect(await failureOf(render)).toMatchObject({ kind: 'cancelled' });
    expect(existsSync(task.output)).toBe(false);
    await until(() => !processes().some(({ command }) => command.includes(task.input)));
  });

  it('has limits of their own for the first engine and for the licence, and is alive meanwhile', async () => {
    const [builds, mute] = await Promise.all([scene({ ...good, build: 'never' }), scene({ licence: 'mute' })]);
    let alive = 0;
    const building = builds.renderer.render(await taskFor(builds), { ...options(), alive: () => (alive += 1) });
    const [slow, silent] = await Promise.all([failureOf(building), failing(mute)]);
    expect(slow).toMatchObject({ kind: 'stalled', message: expect.stringContaining('first frames') as string });
    expect(alive).toBeGreaterThan(0);
    expect(silent).toMatchObject({ kind: 'licence' });
  });

  it.each([
    ['refused', 'Failed to refresh auth'],
    ['foreign', 'Problems with unzipping file'],
    ['silent', 'Signed in as <account>'],
  ] as const)('never begins without a good licence (%s)', async (licence, evidence) => {
    const at = await scene({ licence, watermark: true });
    expect(await failing(at)).toMatchObject({ kind: 'licence', evidence: expect.stringContaining(evidence) as string });
    expect(await at.fake.renders()).toEqual([]);
  });

  it('goes on without a new agent once the licence is there', async () => {
    const at = await scene({ licence: 'refused' });
    expect(await failing(at)).toMatchObject({ kind: 'licence' });
    await at.fake.set(good);
    const task = await taskFor(at);
    await at.renderer.render(task, options());
    expect(frameHashes(task.output)).toHaveLength(8);
  });

  it('ends at once when the licence is lost in the middle', async () => {
    const at = await scene({ ...good, fault: 'lapse' });
    expect(await failing(at)).toMatchObject({
      kind: 'licence',
      evidence: expect.stringMatching(/Watermark/) as string,
    });
  });

  it('does not count when the licence is lost meanwhile', async () => {
    const at = await scene({ ...good, goodProbes: 1 });
    expect(await failing(at)).toMatchObject({ kind: 'licence' });
    expect(await at.fake.renders()).toHaveLength(1);
    expect(await failing(at)).toMatchObject({ kind: 'licence' });
    expect(await at.fake.renders()).toHaveLength(1);
  });

  it('never begins with a model that gives more frames than it takes', async () => {
    const at = await scene({ ...good, fault: 'doubles' });
    expect(await failing(at)).toMatchObject({ kind: 'unsupported', evidence: '16 frames of 8' });
    expect(await at.fake.renders()).toEqual([]);
  });

  it('looks for both product lines, the newer one first', () => {
    const [newer, older] = usualPlaces({ ProgramData: 'D:\\Data' });
    expect(newer?.folder).toBe('C:\\Program Files\\Topaz Labs LLC\\Topaz Video');
    expect(older?.models).toBe('D:\\Data\\Topaz Labs LLC\\Topaz Video AI\\models');
  });

  it.each([
    ['ddv-3', 'unsupported'],
    ['slm-1', 'unsupported'],
    ['apo-8', 'unsupported'],
    ['rhea-1', 'configure-failed'],
  ])('never calls a model that it cannot trust (%s)', async (model, kind) => {
    const at = await scene();
    expect(await failing(at, { upscale: { ...prob, model } })).toMatchObject({ kind });
    expect(await at.fake.calls()).toEqual([]);
  });

  it('says when there is no Topaz', async () => {
    const at = await scene();
    const nowhere = { folder: at.folder, models: at.folder };
    const settings = { tools, models: [], threads: 1 };
    const task = await taskFor(at);
    const without = openRenderer(settings).render(task, options());
    expect(await failureOf(without)).toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/Windows/) as string,
    });
    const empty = openRenderer({ ...settings, topaz: nowhere }).render(task, options());
    expect(await failureOf(empty)).toMatchObject({ kind: 'configure-failed' });
  });
});
