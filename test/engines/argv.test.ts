import { describe, expect, it } from 'vitest';
import type { Codec, EncodeStep, UpscaleStep } from '../../src/domain/profile.js';
import { framesOf } from '../../src/engines/argv.js';
import { engines } from '../../src/engines/index.js';
import { classic, hevc, taskIn } from './task.js';

const onnx: UpscaleStep = { engine: 'onnx', model: 'realesr-animevideov3-x4', strength: 1, grain: 0 };
const after = (argv: readonly string[], flag: string): string | undefined => argv[argv.indexOf(flag) + 1];

function single(upscale: UpscaleStep, encode: EncodeStep = hevc): readonly string[] {
  const run = engines.ffmpeg.run(taskIn('/f', { upscale, encode }));
  if (run.kind !== 'single') throw new Error('one ffmpeg was expected');
  return run.argv;
}

function piped(upscale: UpscaleStep) {
  const run = engines.onnx.run(taskIn('/f', { upscale, encode: hevc }));
  if (run.kind !== 'piped') throw new Error('two ffmpegs were expected');
  return run;
}

describe('the ffmpeg engine', () => {
  it('is one ffmpeg: restored segment in, converted, scaled, encoded', () => {
    expect(single(classic)).toEqual([
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-xerror'],
      ...['-progress', 'pipe:1', '-stats_period', '1', '-nostats'],
      ...['-filter_threads', '2', '-filter_complex_threads', '2'],
      ...['-threads', '2', '-r', '24000/1001', '-i', '/f/restored.mkv'],
      ...['-map', '0:v:0', '-vf'],
      'settb=1001/24000,setpts=N,setparams=field_mode=prog,' +
        'zscale=threads=1:w=256:h=192:f=lanczos:min=smpte170m:pin=smpte170m:tin=bt709:rin=tv:p=bt709:t=bt709:m=bt709:r=tv,' +
        'format=yuv420p10le,setsar=1,null',
      ...['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '18', '-x265-params'],
      'frame-threads=3:pools=2:keyint=48:open-gop=0:info=0:repeat-headers=0:log-level=error',
      ...['-pix_fmt', 'yuv420p10le', '-color_range', 'tv'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
      ...['-fps_mode', 'passthrough', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-f', 'matroska', '-y', '/f/segment.mkv'],
    ]);
  });

  it.each([
    ['lanczos', 'lanczos'],
    ['spline', 'spline36'],
    ['bicubic', 'bicubic'],
  ] as const)('scales with %s', (scaler, name) => {
    expect(after(single({ engine: 'ffmpeg', scaler, grain: 0 }), '-vf')).toContain(`:f=${name}:`);
  });

  it('seeds the grain with the segment, and leaves it out at 0', () => {
    const filter = after(single({ ...classic, grain: 4 }), '-vf');
    expect(filter).toContain('noise=c0s=100:c0f=t+u:all_seed=4');
    expect(after(single(classic), '-vf')).not.toContain('noise');
  });
});

describe('the encoders', () => {
  const encoder: Record<Codec, string> = {
    hevc: 'libx265',
    h264: 'libx264',
    av1: 'libsvtav1',
    ffv1: 'ffv1',
    prores: 'prores_ks',
  };

  it.each(Object.entries(encoder) as [Codec, string][])('%s is made by %s', (codec, name) => {
    expect(after(single(classic, { ...hevc, codec }), '-c:v')).toBe(name);
  });

  it('encodes 8 bits dithered, and ProRes always at 10 bits 4:2:2', () => {
    const eight = single(classic, { ...hevc, bits: 8 });
    expect(after(eight, '-pix_fmt')).toBe('yuv420p');
    expect(after(eight, '-vf')).toContain(':d=ordered');
    const prores = single(classic, { ...hevc, codec: 'prores', bits: 8 });
    expect(after(prores, '-pix_fmt')).toBe('yuv422p10le');
    expect(after(prores, '-vf')).not.toContain('d=ordered');
  });

  it('puts a key frame at least every keyframeSeconds, and never asks for a distance of 0', () => {
    expect(after(single(classic, { ...hevc, keyframeSeconds: 5 }), '-x265-params')).toContain('keyint=120:');
    expect(after(single(classic, { ...hevc, keyframeSeconds: 0.001 }), '-x265-params')).toContain('keyint=1:');
  });
});

describe('the onnx engine', () => {
  it('decodes the restored segment to packed 16-bit RGB in BT.709 at its own size', () => {
    const { decode, model } = piped(onnx);
    expect(model).toBe('realesr-animevideov3-x4');
    expect(after(decode, '-vf')).toBe(
      'settb=1001/24000,setpts=N,setparams=field_mode=prog,' +
        'zscale=threads=1:min=smpte170m:pin=smpte170m:tin=bt709:rin=tv:p=bt709:t=bt709:m=gbr:r=pc,format=gbrp16le,format=rgb48le',
    );
    expect(decode.slice(-5)).toEqual(['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1']);
  });

  it('reads pictures that are larger by the factor of the model', () => {
    const encode = piped(onnx).encode(2);
    expect(after(encode, '-video_size')).toBe('128x96');
    expect(after(encode, '-framerate')).toBe('24000/1001');
    expect(after(encode, '-filter_complex')).toBe(
      '[0:v]settb=1001/24000,setpts=N,format=gbrp16le,' +
        'zscale=threads=1:w=256:h=192:f=lanczos:min=gbr:pin=bt709:tin=bt709:rin=pc:p=bt709:t=bt709:m=bt709:r=tv,' +
        'format=yuv420p10le,setsar=1,null[out]',
    );
  });

  it('reads the restored segment a second time only for a strength under 1', () => {
    const blend = piped({ ...onnx, strength: 0.75 }).encode(4);
    expect(blend).toContain('/f/restored.mkv');
    expect(after(blend, '-filter_complex')).toContain('[model][classic]mix=weights=0.75 0.25:duration=shortest');
    expect(piped(onnx).encode(4)).not.toContain('/f/restored.mkv');
  });
});

it.each([
  ['frame=12', 12],
  ['frame=    7', 7],
  ['fps=12', undefined],
  ['progress=end', undefined],
])('reads %s as %s frames', (line, frames) => {
  expect(framesOf(line)).toBe(frames);
});
