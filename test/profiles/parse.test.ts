import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failures.js';
import { builtinNames, isBuiltin, loadBuiltin, type BuiltinName } from '../../src/profiles/builtin.js';
import { freeze } from '../../src/profiles/freeze.js';
import { parseProfile } from '../../src/profiles/parse.js';

const assets = join(import.meta.dirname, '../../assets');
const parse = (text: string) => parseProfile(text, 'mine', 'mine.yaml');

function complaintOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'usage') return error.message;
    throw error;
  }
  throw new Error('the profile was accepted');
}

describe('a profile file', () => {
  it('needs no more than an engine', () => {
    expect(parse('upscale: { engine: ffmpeg }')).toEqual({
      name: 'mine',
      description: '',
      restore: { cadence: 'auto', interlaced: 'field', segmentSeconds: 60 },
      upscale: { engine: 'ffmpeg', scaler: 'lanczos', grain: 0 },
      size: { height: 2160 },
      encode: { codec: 'hevc', quality: 18, preset: 'medium', bits: 10, keyframeSeconds: 5 },
    });
  });

  it.each([
    ['h264', { quality: 17, preset: 'medium', bits: 8 }],
    ['av1', { quality: 24, preset: '6', bits: 10 }],
    ['prores', { quality: 0, preset: 'default', bits: 10 }],
    ['ffv1', { quality: 0, preset: 'default', bits: 10 }],
  ])('has defaults that suit %s', (codec, defaults) => {
    expect(parse(`upscale: { engine: ffmpeg }\nencode: { codec: ${codec} }`).encode).toMatchObject(defaults);
  });

  it('takes a preset that YAML reads as a number', () => {
    expect(parse('upscale: { engine: ffmpeg }\nencode: { codec: av1, preset: 8 }').encode.preset).toBe('8');
  });

  it.each([
    [
      'a typo in a key',
      'upscale:\n  engine: onnx\n  modl: x\n',
      'mine.yaml:3:3: unknown key "modl", did you mean "model"?',
    ],
    [
      'a key of another engine',
      'upscale:\n  engine: ffmpeg\n  zzzzzz: x\n',
      'mine.yaml:3:3: unknown key "zzzzzz"; known are',
    ],
    [
      'a key that only another engine has',
      'upscale: {engine: ffmpeg, model: x}',
      'mine.yaml:1:27: "model" does not belong here',
    ],
    [
      'a typo in the key that the others depend on',
      'upscale: {engin: ffmpeg}',
      '1:11: unknown key "engin", did you mean "engine"?',
    ],
    ['a typo at the top', 'upscle: { engine: ffmpeg }', 'mine.yaml:1:1: unknown key "upscle", did you mean "upscale"?'],
    [
      'a typo in a word',
      'upscale: { engine: onx }',
      'mine.yaml:1:20: "upscale.engine": cannot be "onx", did you mean "onnx"?',
    ],
    ['a codec nobody knows', 'upscale: {engine: ffmpeg}\nencode: {codec: h265}', '"encode.codec": cannot be "h265"'],
    ['a number out of range', 'upscale: {engine: onnx, model: x, strength: 2}', 'mine.yaml:1:45: "upscale.strength": '],
    [
      'two sizes',
      'upscale: {engine: ffmpeg}\nsize: {scale: 2, height: 1080}',
      'mine.yaml:2:7: "size": needs either scale or height',
    ],
    ['no size in a size', 'upscale: {engine: ffmpeg}\nsize: {}', '"size": needs either scale or height'],
    ['a quality beyond the codec', 'upscale: {engine: ffmpeg}\nencode: {quality: 60}', 'must be 0 to 51 (codec hevc)'],
    [
      'a preset of another encoder',
      'upscale: {engine: ffmpeg}\nencode: {preset: p7}',
      '"encode.preset": must be one of',
    ],
    [
      'bits that the codec lacks',
      'upscale: {engine: ffmpeg}\nencode: {codec: prores, bits: 8}',
      '"encode.bits": must be 10',
    ],
    ['a missing engine', 'description: x\n', '"upscale"'],
    ['an empty file', '', 'mine.yaml:1:1: the file: '],
    ['a list', '- a\n', 'the file: '],
    [
      'a key said twice',
      'upscale: {engine: ffmpeg}\nupscale: {engine: ffmpeg}',
      'mine.yaml:2:1: Map keys must be unique',
    ],
    ['another codec for Topaz', 'upscale: {engine: topaz, model: prob-4}\nencode: {codec: av1}', 'mine.yaml:2:17: '],
    ['a Topaz model with options in its name', 'upscale: {engine: topaz, model: "a:b=c"}', 'mine.yaml:1:33: '],
    ['broken YAML', 'upscale: {engine: ffmpeg\nsize: ]', 'mine.yaml:2:'],
    ['two documents', 'upscale: {engine: ffmpeg}\n---\nx: 1', 'mine.yaml:2:1: '],
    ['a command without the source', 'upscale: {engine: ffmpeg}\nrestore: {command: [vspipe]}', 'must name {source}'],
    ['an anchor', 'upscale: &a {engine: ffmpeg}', 'mine.yaml:1:13: anchors and aliases are not supported'],
    ['an alias', 'description: *a\nupscale: {engine: ffmpeg}', 'mine.yaml:1:14: '],
    ['a tag', 'upscale: {engine: !!binary ffmpeg}', 'mine.yaml:1:28: the tag'],
    ['a tag of no known kind', 'upscale: !run {engine: ffmpeg}', 'mine.yaml:1:10: '],
    ['a template', 'description: "{{ lookup }}"\nupscale: {engine: ffmpeg}', 'mine.yaml:1:14: templates'],
    ['a template block', 'description: "{% raw %}"\nupscale: {engine: ffmpeg}', 'mine.yaml:1:14: templates'],
    ['a template in a key', '"{# x #}": 1\nupscale: {engine: ffmpeg}', 'mine.yaml:1:1: templates'],
  ])('is refused for %s, with the place', (_what, text, complaint) => {
    expect(complaintOf(text)).toContain(complaint);
  });

  it('refuses a bomb of aliases at once', () => {
    const levels = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    expect(complaintOf(['a0: &a0 x', ...levels].join('\n'))).toContain('anchors and aliases are not supported');
  });

  it('keeps a command of the user as it stands', () => {
    const command = ['vspipe', '-c', 'y4m', 'qtgmc.vpy', '--arg', 'source={source}', '-'];
    const text = `upscale: {engine: ffmpeg}\nrestore: {command: ${JSON.stringify(command)}}`;
    expect(parse(text).restore.command).toEqual(command);
  });
});

describe('the built-in profiles', () => {
  const read = (path: string) => readFile(path, 'utf8');

  it.each(builtinNames)('%s is a valid profile with a description', async (name) => {
    const profile = await loadBuiltin(name, assets, read);
    expect(profile.name).toBe(name);
    expect(profile.description.length).toBeGreaterThan(20);
    expect(isBuiltin(name)).toBe(true);
  });

  it('are the same with Topaz, but for live-4k, which then rests on prob-4', async () => {
    const engineOf = async (name: BuiltinName, topaz: boolean) =>
      (await loadBuiltin(name, assets, read, { topaz })).upscale.engine;
    const all = (topaz: boolean) => Promise.all(builtinNames.map((name) => engineOf(name, topaz)));
    const [without, having] = [await all(false), await all(true)];
    expect(builtinNames.filter((_, i) => without[i] !== having[i])).toEqual(['live-4k']);
    const { name, upscale, encode } = await loadBuiltin('live-4k', assets, read, { topaz: true });
    expect([name, upscale, encode.codec]).toMatchObject(['live-4k', { engine: 'topaz', model: 'prob-4' }, 'hevc']);
  });

  it('say so when the package lacks one', async () => {
    const missing = loadBuiltin('live-4k', assets, () => Promise.resolve(undefined));
    await expect(missing).rejects.toMatchObject({ kind: 'tool-missing' });
  });
});

describe('a frozen profile', () => {
  it('has the same JSON whatever the order of the keys was', () => {
    const one = parse('upscale: {engine: onnx, model: x, grain: 1}\nsize: {scale: 2}');
    const other = parse('size: {scale: 2}\nupscale: {grain: 1, model: x, engine: onnx}');
    expect(JSON.stringify(freeze(one))).toBe(JSON.stringify(freeze(other)));
    expect(JSON.stringify(freeze(one))).not.toBe(JSON.stringify(freeze({ ...one, size: { scale: 3 } })));
  });

  it('cannot be changed, and neither can its parts', () => {
    const profile = freeze(parse('upscale: {engine: ffmpeg}\nrestore: {command: ["x", "{source}"]}'));
    expect(Object.isFrozen(profile.encode)).toBe(true);
    expect(Object.isFrozen(profile.restore.command)).toBe(true);
  });
});
