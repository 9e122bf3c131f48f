import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listProfiles, loadProfile } from '../../src/intake/catalog.js';
import { builtinNames } from '../../src/profiles/builtin.js';
import { fill, makeFolder } from './folder.js';

const assets = join(import.meta.dirname, '../../assets');

async function catalog(files: Readonly<Record<string, string>> = {}) {
  const own = await makeFolder();
  await fill(own, files);
  return { assets, own };
}

describe('profiles by name', () => {
  it('are the built-in ones where the user has none', async () => {
    const folders = { assets, own: join(await makeFolder(), 'nowhere') };
    expect(await listProfiles(folders)).toEqual(builtinNames.map((name) => ({ name })));
    expect((await loadProfile('animation-4k', folders)).upscale).toMatchObject({ model: 'realesr-animevideov3-x4' });
  });

  it('are the user’s own too, which go before a built-in one of the same name', async () => {
    const files = { 'mine.yaml': 'upscale: {engine: ffmpeg}', 'live-4k.yml': 'upscale: {engine: ffmpeg}', 'a.txt': '' };
    const folders = await catalog(files);
    const names = (await listProfiles(folders)).map(({ name }) => name);
    expect(names.sort()).toEqual([...builtinNames, 'mine'].sort());
    expect((await loadProfile('mine', folders)).name).toBe('mine');
    expect((await loadProfile('live-4k', folders)).upscale.engine).toBe('ffmpeg');
  });

  it('are refused when nobody knows them, with the near miss', async () => {
    const unknown = loadProfile('animation-4', await catalog());
    await expect(unknown).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('did you mean "animation-4k"?') as string,
    });
  });
});

describe('a profile by path', () => {
  it('is named for its file, and finds its model beside it', async () => {
    const onnx = (model: string) => `upscale: {engine: onnx, model: ${model}}`;
    const files = {
      'a.yaml': onnx('../m/x.onnx'),
      'b.yaml': onnx('x.onnx'),
      'c.yaml': onnx('/m/x.onnx'),
      'd.yaml': onnx('x4'),
    };
    const { own } = await catalog(files);
    const model = async (name: string) => {
      const { upscale } = await loadProfile(join(own, `${name}.yaml`), { assets, own: '/nowhere' });
      return upscale.engine === 'onnx' ? upscale.model : undefined;
    };
    expect(await model('a')).toBe(join(own, '../m/x.onnx'));
    expect(await model('b')).toBe(join(own, 'x.onnx'));
    expect(await model('c')).toBe('/m/x.onnx');
    expect(await model('d')).toBe('x4');
  });

  it('must be there and be a file, and its mistakes are named with the place', async () => {
    const folders = await catalog({ 'bad.yaml': 'upscale:\n  engin: ffmpeg\n' });
    const load = (name: string) => loadProfile(join(folders.own, name), folders);
    await expect(load('none.yaml')).rejects.toMatchObject({ kind: 'usage' });
    await expect(load('')).rejects.toMatchObject({ kind: 'usage', evidence: 'EISDIR' });
    const place = expect.stringContaining(`${join(folders.own, 'bad.yaml')}:2:3: unknown key "engin"`) as string;
    await expect(load('bad.yaml')).rejects.toMatchObject({ message: place });
  });
});
