import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameHashes } from '../helpers/frame-hashes.js';
import { nearestModel } from '../models/tiny-models.js';
import { openHome, type Home } from './home.js';
import { smallSeason } from './season.js';

const FRAMES = 24;
let root: string;
let home: Home;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-refused-'));
  home = await openHome();
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

/** A model of the user's own that wants BGR, and a profile with it. */
async function bgrProfile(): Promise<string> {
  const [model, profile] = [join(root, 'bgr.onnx'), join(root, 'bgr.yaml')];
  await writeFile(model, nearestModel({ factor: 2, exchanged: true }));
  const upscale = `upscale: { engine: onnx, model: ${model} }`;
  await writeFile(profile, `${upscale}\nsize: { scale: 2 }\nencode: { codec: hevc, preset: ultrafast }\n`);
  return profile;
}

describe('a picture that is refused', () => {
  it('can be looked at, is delivered once it is accepted, and the proof says so', async () => {
    const { folder, results } = await smallSeason(root, 'coloured', 1, FRAMES);
    const out = join(root, 'out');
    const id = await home.submit(folder, '--profile', await bgrProfile(), '--out', out);
    const failed = await home.settled(id);
    expect(failed.episodes.map(({ failure }) => failure?.kind)).toEqual(['verify-failed']);
    const [, stills, command] =
      /pictures in (\S+)\. .*: (taaf retry .*)$/.exec(failed.episodes[0]?.failure?.next ?? '') ?? [];
    expect((await readdir(stills ?? '')).filter((name) => name.endsWith('-colour.png'))).toHaveLength(1);
    expect(command).toBe('taaf retry <episode> --accept colour');
    expect((await home.taaf('why', '1')).stdout).toContain('--accept colour');
    await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await home.taaf('retry', '1', '--accept', 'colour')).toMatchObject({ code: 0 });
    const done = await home.settled(id);
    expect(done.state).toBe('done');
    expect(done.episodes[0]?.delivery?.proof?.alarms).toMatchObject([
      { kind: 'colour', frames: FRAMES, accepted: true },
    ]);
    expect(await frameHashes(join(out, results[0] ?? ''))).toHaveLength(FRAMES);
    expect((await home.taaf('why', '1')).stdout).toContain('accepted by you');
  });
});
