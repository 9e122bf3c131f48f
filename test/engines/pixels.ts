/** Decoded frames as numbers, and files as hashes. */
import { execFileSync } from 'node:child_process';
import { tools } from '../helpers/tools.js';

const decoded = (file: string, options: readonly string[]): Buffer =>
  execFileSync(tools.ffmpeg, ['-v', 'error', '-i', file, '-map', '0:v', ...options, 'pipe:1'], {
    maxBuffer: 256 * 1024 * 1024,
  });

/** One hash for each decoded frame. */
export const frameHashes = (file: string): readonly string[] =>
  decoded(file, ['-fps_mode', 'passthrough', '-f', 'framemd5'])
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');

/** What two segments must have in common to be joined: the codec's own headers as a hash, shape and colour tags. */
export function headersOf(file: string): unknown {
  const wanted =
    'stream=codec_name,profile,width,height,pix_fmt,color_range,color_space,color_primaries,extradata_hash';
  const argv = ['-v', 'error', '-show_data_hash', 'sha256', '-show_entries', wanted, '-of', 'json', file];
  return (JSON.parse(execFileSync(tools.ffprobe, argv).toString()) as { readonly streams: readonly unknown[] })
    .streams[0];
}

export interface Planes {
  readonly y: Uint16Array;
  readonly u: Uint16Array;
  readonly v: Uint16Array;
}

/** The planes of one frame of a 4:2:0 file at 10 bits. */
export function planesOf(file: string, width: number, height: number, frame = 0): Planes {
  const raw = decoded(file, ['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p10le', '-f', 'rawvideo']);
  const luma = width * height;
  const values = new Uint16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
  const begin = frame * luma * 1.5;
  const part = (from: number, to: number) => values.subarray(begin + from, begin + to);
  return { y: part(0, luma), u: part(luma, luma * 1.25), v: part(luma * 1.25, luma * 1.5) };
}

export const meanOf = (values: Uint16Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function deviationOf(values: Uint16Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
