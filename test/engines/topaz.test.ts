import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { EncodeStep, UpscaleStep } from '../../src/domain/profile.js';
import type { TopazParameters } from '../../src/domain/topaz.js';
import { engines } from '../../src/engines/index.js';
import type { SegmentTask } from '../../src/engines/engine.js';
import { colourOfBuild } from '../../src/engines/topaz-colour.js';
import { ladder, type TopazMachine, type TopazUse } from '../../src/engines/topaz-filter.js';
import { readTopazModel } from '../../src/engines/topaz-model.js';
import { filterOptions } from '../../src/engines/topaz-options.js';
import { fixture } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';
import { hevc, lossless, taskIn, type Wanted } from './task.js';

const help = (build: '7' | '8'): string => readFileSync(fixture(`topaz/tvai_up-${build}.txt`), 'utf8');
const definition = (name: string): unknown =>
  JSON.parse(readFileSync(fixture(join('topaz', 'models', `${name}.json`)), 'utf8'));

const proteus = readTopazModel('prob-4', definition('prob-4'));
const prob: UpscaleStep = { engine: 'topaz', model: 'prob-4', grain: 0 };
const parameters: TopazParameters = {
  ...{ preblur: -0.1, noise: 0.2, details: 0.3 },
  ...{ halo: 0.4, blur: 0.5, compression: 0.6 },
};

function useOf(change: Partial<TopazMachine> = {}, rung = 0): TopazUse {
  const machine: TopazMachine = {
    ...{ options: filterOptions(help('7')), colour: 'zscale' },
    ...change,
  };
  return { machine, model: proteus, rung: ladder[rung] ?? { vram: 0, twice: false } };
}

function runOf(wanted: Wanted = {}, more: Partial<SegmentTask> = {}) {
  const run = engines.topaz.run(taskIn('/f', { upscale: prob, encode: hevc, ...wanted }, { parameters, ...more }));
  if (run.kind !== 'topaz') throw new Error('a run of Topaz was expected');
  return run;
}
const after = (argv: readonly string[], flag: string): string => argv[argv.indexOf(flag) + 1] ?? '';
const filterOf = (use: TopazUse, wanted?: Wanted, more?: Partial<SegmentTask>): string =>
  after(runOf(wanted, more).render(use), '-vf');
const upscaleOf = (filter: string): string[] => filter.split(',').filter((part) => part.startsWith('tvai_up='));

describe('the topaz engine', () => {
  it('is one ffmpeg of Topaz: FFV1 in, BT.709 around the model, hevc_nvenc, Matroska out', () => {
    expect(runOf().render(useOf())).toEqual([
      ...['-nostdin', '-hide_banner', '-loglevel', 'info', '-xerror'],
      ...['-progress', 'pipe:1', '-stats_period', '1', '-nostats'],
      ...['-filter_threads', '2', '-filter_complex_threads', '2'],
      ...['-threads', '2', '-r', '24000/1001', '-i', '/f/restored.mkv', '-map', '0:v:0', '-vf'],
      'settb=1001/24000,setpts=N,setparams=field_mode=prog,' +
        'zscale=threads=1:min=smpte170m:pin=smpte170m:tin=bt709:rin=tv:p=bt709:t=bt709:m=gbr:r=pc,format=gbrp16le,format=rgb48le,' +
        'tvai_up=model=prob-4:scale=4:device=-2:vram=1:instances=0:download=0:estimate=0' +
        ':preblur=-0.1:noise=0.2:details=0.3:halo=0.4:blur=0.5:compression=0.6,' +
        'settb=1001/24000,setpts=N,format=gbrp16le,' +
        'zscale=threads=1:w=256:h=192:f=lanczos:min=gbr:pin=bt709:tin=bt709:rin=pc:p=bt709:t=bt709:m=bt709:r=tv,' +
        'format=yuv420p10le,setsar=1,null,format=p010le',
      ...['-c:v', 'hevc_nvenc', '-preset', 'p1', '-tune', 'hq', '-profile:v', 'main10'],
      ...['-rc', 'constqp', '-qp', '18', '-b:v', '0', '-bf', '0', '-g', '48', '-forced-idr', '1', '-strict_gop', '1'],
      ...['-pix_fmt', 'p010le', '-color_range', 'tv'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
      ...['-fps_mode', 'passthrough', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-f', 'matroska', '-y', '/f/segment.mkv'],
    ]);
  });

  it('leaves out what the build does not know, and never asks a segment to estimate', () => {
    const [filter] = upscaleOf(filterOf(useOf({ options: filterOptions(help('8')) })));
    expect(filter).not.toContain('download');
    expect(filter).toContain(':estimate=0');
  });

  it.each([
    [{ width: 2880, height: 2160 }, 720, 480, 4],
    [{ width: 1280, height: 960 }, 640, 480, 2],
    [{ width: 640, height: 480 }, 640, 480, 1],
    [{ width: 1920, height: 1440 }, 640, 480, 4],
    [{ width: 3840, height: 2880 }, 640, 360, 4],
  ])('takes to %o from %i × %i in scale %i', (target, width, height, scale) => {
    const filter = filterOf(useOf(), { target }, { width, height });
    expect(upscaleOf(filter)).toEqual([expect.stringContaining(`:scale=${scale}:`)]);
    expect(filter).toContain(`w=${target.width}:h=${target.height}:f=lanczos`);
  });

  it('goes down the ladder of memory: less of it, then two times two', () => {
    expect(upscaleOf(filterOf(useOf({}, 1)))).toEqual([expect.stringContaining('scale=4:device=-2:vram=0.5')]);
    const twice = expect.stringContaining('scale=2:device=-2:vram=0.5') as string;
    expect(upscaleOf(filterOf(useOf({}, 2)))).toEqual([twice, twice]);
  });

  it('tries a model on a few frames, without a file', () => {
    const canary = runOf({}, { frames: 500 }).canary(useOf());
    expect(after(canary, '-vf')).toMatch(/format=rgb48le,trim=end_frame=48,tvai_up=[^,]*:download=1:[^,]*$/);
    expect(canary.slice(-3)).toEqual(['-f', 'null', '-']);
    expect(runOf({}, { frames: 500 }).canaryFrames).toBe(48);
    expect(runOf({}, { frames: 7 }).canaryFrames).toBe(7);
  });

  it('converts by scale where the build has no zscale, and refuses a build that knows no primaries', async () => {
    const of = async (name: string) => (await execa(tools.ffmpeg, ['-hide_banner', '-h', `filter=${name}`])).stdout;
    const scale = await of('scale');
    const without = scale.replace(/^.*out_primaries.*$/m, '');
    expect(colourOfBuild(await of('zscale'), without)).toBe('zscale');
    expect(colourOfBuild(await of('zscale2'), scale)).toBe('scale');
    expect(() => colourOfBuild('', without)).toThrow(expect.objectContaining({ kind: 'unsupported' }));
    const filter = filterOf(useOf({ colour: 'scale' }));
    expect(filter).toContain('in_primaries=smpte170m');
    expect(filter).not.toContain('zscale');
    const grained = { upscale: { ...prob, grain: 2 } };
    expect(() => filterOf(useOf({ colour: 'scale' }), grained)).toThrow(/grain/);
    expect(filterOf(useOf(), grained)).toMatch(/grainmerge.*,format=p010le$/);
  });

  it('encodes with what NVENC calls the same, and refuses other codecs and nameless models', () => {
    const encoded = (step: Partial<EncodeStep>) => runOf({ encode: { ...hevc, ...step } }).render(useOf());
    expect(after(encoded({ preset: 'medium', quality: 20.6 }), '-preset')).toBe('p5');
    expect(after(encoded({ quality: 20.6 }), '-qp')).toBe('21');
    const eight = encoded({ bits: 8 });
    expect([after(eight, '-profile:v'), after(eight, '-pix_fmt')]).toEqual(['main', 'nv12']);
    expect(after(eight, '-vf')).toMatch(/d=ordered.*format=nv12$/);
    expect(() => runOf({ encode: lossless })).toThrow(expect.objectContaining({ kind: 'unsupported' }));
    expect(() => runOf({ upscale: { ...prob, model: 'x:download=1' } })).toThrow(/short name/);
  });

  it('gives NVENC only options that it knows', async () => {
    const argv = runOf().render(useOf());
    const encoder = argv.slice(argv.indexOf('-c:v'), argv.indexOf('-pix_fmt'));
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=256x192:d=1', '-vf', 'format=p010le'];
    const { stderr } = await execa(tools.ffmpeg, [...source, ...encoder, '-f', 'null', '-'], { reject: false });
    // Without an NVIDIA driver it fails, but only after it has understood all of them.
    expect(stderr).not.toMatch(
      /Unrecognized option|Option not found|Undefined constant|Unable to parse|Error setting option/,
    );
    expect(stderr).toMatch(/hevc_nvenc/);
  });
});

describe('the options of a build', () => {
  it('are read from its help, whose texts run over lines', () => {
    const seven = filterOptions(help('7'));
    expect(seven.size).toBe(21);
    expect([...seven].slice(0, 4)).toEqual(['model', 'scale', 'w', 'h']);
    const eight = filterOptions(help('8'));
    expect([eight.has('blend'), eight.has('compression'), eight.has('Negative')]).toEqual([false, true, false]);
  });

  it('are none where the filter is missing', () => {
    expect(filterOptions("Unknown filter 'tvai_up'.\n\nExiting with exit code 0\n").size).toBe(0);
  });
});

describe('a model’s definition', () => {
  it('tells its scales, ascending and over all backends', () => {
    expect(proteus).toEqual({ name: 'prob-4', scales: [1, 2, 4] });
    expect(readTopazModel('pnat-1', definition('pnat-1')).scales).toEqual([2]);
    const odd = { modelType: 1, backends: { a: { scales: { '4': {}, '0': {} } }, b: { scales: { '1': {} } }, c: {} } };
    expect(readTopazModel('odd-1', odd).scales).toEqual([1, 4]);
  });

  it.each([
    ['apo-8', /enlarges/],
    ['prap-3', /enlarges/],
    ['ddv-3', /has not been measured/],
    ['dtd-4', /has not been measured/],
    ['thm-1', /switched it off/],
    ['slm-1', /no backend/],
    ['astra', /no backend/],
    ['video-encoders', /enlarges/],
  ])('of %s is refused', (name, why) => {
    expect(() => readTopazModel(name, definition(name))).toThrow(
      expect.objectContaining({ kind: 'unsupported', message: expect.stringMatching(why) as string }),
    );
  });

  it('that is no object is refused', () => {
    for (const broken of [null, [], 'x', { modelType: 1, backends: [] }]) {
      expect(() => readTopazModel('prob-4', broken)).toThrow(expect.objectContaining({ kind: 'unsupported' }));
    }
  });
});
