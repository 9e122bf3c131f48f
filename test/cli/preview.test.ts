/** `taaf preview` on the example season: real frames through real engines, and a page that shows them. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCalibrations } from '../../src/intake/calibration-file.js';
import { MARKER } from '../../src/report/page.js';
import { copyOfDvds } from '../helpers/discs.js';
import { temporaryFolder } from '../helpers/folder.js';
import { ffmpeg } from '../helpers/rendered.js';
import { taaf, type Ran } from './harness.js';

const example = join(import.meta.dirname, '..', '..', 'assets', 'example-season');

async function computer() {
  const home = await temporaryFolder();
  const folder = join(home, 'show');
  await mkdir(join(home, 'taaf', 'profiles'), { recursive: true });
  await cp(example, folder, { recursive: true });
  const encode = 'encode: { codec: h264, preset: ultrafast }\nsize: { scale: 1 }\n';
  await writeFile(
    join(home, 'taaf', 'profiles', 'soft.yaml'),
    `upscale: { engine: ffmpeg, scaler: bicubic }\n${encode}`,
  );
  await writeFile(
    join(home, 'taaf', 'profiles', 'sharp.yaml'),
    `upscale: { engine: ffmpeg, scaler: lanczos }\n${encode}`,
  );
  const model = 'upscale: { engine: onnx, model: realesr-animevideov3-x4 }\n';
  await writeFile(join(home, 'taaf', 'profiles', 'model.yaml'), model + encode);
  const env = { TAAF_HOME: join(home, 'taaf'), TAAF_TOOLCHAIN: process.env['TAAF_TOOLCHAIN'] ?? '' };
  const run = (...argv: string[]): Promise<Ran> => taaf(['preview', ...argv], { env, cwd: home });
  return { home, folder, env, run };
}

interface Answer {
  readonly path: string;
  readonly episode: { readonly number: number };
  readonly moments: readonly { readonly seconds: number }[];
  readonly profiles: readonly {
    readonly profile: string;
    readonly secondsPerFrame: number;
    readonly bytesPerFrame: number;
    readonly rendered: readonly { readonly frames: number; readonly bytes: number; readonly correlation: number }[];
    readonly season: { readonly seconds: number; readonly resultBytes: number; readonly measured: boolean };
  }[];
}
const answerOf = ({ stdout }: Ran): Answer => JSON.parse(stdout) as Answer;

describe('taaf preview', () => {
  it('renders moments of the longest episode with every profile, and learns what frames cost', async () => {
    const { run, env, folder } = await computer();
    const ran = await run('show', '--profile', 'soft', '--profile=sharp', '--samples', '2', '--json');
    expect(ran.code, ran.stderr).toBe(0);
    const { path, episode, moments, profiles } = answerOf(ran);
    expect(path).toBe(join(folder, 'upscaled', 'preview.html'));
    expect([episode.number, moments.length, profiles.map(({ profile }) => profile)]).toEqual([2, 2, ['soft', 'sharp']]);
    for (const { rendered, season, bytesPerFrame, secondsPerFrame } of profiles) {
      expect(rendered.map(({ frames }) => frames >= 1 && frames <= 12)).toEqual([true, true]);
      expect(rendered.every(({ correlation }) => correlation > 0.98)).toBe(true);
      expect([season.measured, season.seconds > 0, bytesPerFrame > 0, secondsPerFrame > 0]).toEqual(
        Array.from({ length: 4 }, () => true),
      );
    }
    const { calibrations } = await readCalibrations(join(env.TAAF_HOME, 'data', 'calibrations.json'));
    expect(Object.keys(Object.values(calibrations.machines)[0] ?? {}).join('\n')).toMatch(/bicubic[\s\S]*lanczos/);

    const page = await readFile(path, 'utf8');
    expect(page.startsWith(MARKER)).toBe(true);
    expect(page.match(/<img-comparison-slider/g)).toHaveLength(4);
    expect(page.match(/src="data:image\/jpeg;base64,\/9j\//g)).toHaveLength(8);
    expect(await readdir(join(env.TAAF_HOME, 'cache'))).toEqual([]);
  });

  it('shows whole frames of telecined film, and as many moments as asked for', async () => {
    const { run, home } = await computer();
    const to = join(home, 'page.html');
    const ran = await run('show', '--episodes', '1', '--profile', 'soft', '--samples', '1', '--to', to);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toBe(`Preview: ${to}\n`);
    expect(ran.stderr).toMatch(/Rendering \d+ frames? at 0:0\d with soft \(1 of 1\)/);
    expect((await readFile(to, 'utf8')).match(/<img-comparison-slider/g)).toHaveLength(1);
  });

  it('takes a model through the engine that would do the work', async () => {
    const { run, folder } = await computer();
    // A quarter of the size: models take their time.
    const small = ['-vf', 'scale=88:60', '-c:v', 'mpeg2video', '-q:v', '2', '-an', join(folder, 'small.mkv')];
    await ffmpeg('-i', join(folder, 'Example Show - S01E02 - Yawn.mkv'), ...small);
    const ran = await run('show/small.mkv', '--profile', 'model', '--samples', '1', '--json');
    expect(ran.code, ran.stderr).toBe(0);
    const [found] = answerOf(ran).profiles;
    expect(found?.rendered[0]?.correlation).toBeGreaterThan(0.95);
  });

  it('says what is wrong before it renders anything', async () => {
    const { run, home } = await computer();
    const notes = join(home, 'notes.html');
    await writeFile(notes, 'my notes');
    const occupied = await run('show', '--profile', 'soft', '--to', notes);
    expect([occupied.code, occupied.stderr]).toEqual([1, expect.stringContaining('Kind: output-exists')]);
    const absent = await run('show', '--profile', 'soft', '--episodes', '7');
    expect([absent.code, absent.stderr]).toEqual([2, expect.stringContaining('There is no episode 7')]);
    const unknown = await run('show', '--profile', 'soft,shrap');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('shrap')]);
    expect(await readFile(notes, 'utf8')).toBe('my notes');
  });

  it('leaves nothing behind when it is stopped', async () => {
    const { home, folder, env } = await computer();
    const stop = new AbortController();
    const watching = setInterval(() => {
      void readdir(join(env.TAAF_HOME, 'cache')).then(
        (names) => names.length > 0 && stop.abort(),
        () => undefined,
      );
    }, 20);
    const ran = await taaf(['preview', 'show', '--profile', 'soft'], { env, cwd: home, signal: stop.signal });
    clearInterval(watching);
    expect([ran.code, stop.signal.aborted]).toEqual([1, true]);
    expect(ran.stderr).toContain('The preview was stopped; nothing is left of it');
    expect(await readdir(join(env.TAAF_HOME, 'cache'))).toEqual([]);
    expect(await readdir(folder)).not.toContain('upscaled');
  });

  it('reads an episode of a disc from a copy that goes again', async () => {
    const { run, env, home } = await computer();
    const ran = await run(
      await copyOfDvds(),
      '--profile',
      'soft',
      '--episodes',
      '4',
      '--samples',
      '1',
      '--to',
      'disc.html',
      '--json',
    );
    expect(ran.code, ran.stderr).toBe(0);
    const { episode, profiles } = answerOf(ran);
    expect(episode.number).toBe(4);
    // Saturated bars have another grey in BT.709.
    expect(profiles[0]?.rendered.map(({ correlation }) => correlation > 0.95)).toEqual([true]);
    expect(await readFile(join(home, 'disc.html'), 'utf8')).toContain('disc2 t03');
    expect(await readdir(join(env.TAAF_HOME, 'cache'))).toEqual([]);
  });
});
