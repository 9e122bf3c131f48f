/** The encoder's half of an argv: the same frames give the same bytes on every machine, and segments that can be joined. */
import type { Codec, EncodeStep } from '../domain/profile.js';
import type { SegmentTask } from './engine.js';

/** Frames between key frames, at least 1. */
export const keyint = ({ job, frameRate }: SegmentTask): number =>
  Math.max(1, Math.round((job.profile.encode.keyframeSeconds * frameRate.num) / frameRate.den));

type EncoderArgv = (encode: EncodeStep, task: SegmentTask) => readonly string[];

/**
 * Measured with ffmpeg 9.0.2: x265's packets depend on `frame-threads` but not on `pools`, SVT-AV1's not on `lp`, x264's on `threads`.
 * So what changes packets is a constant here, and only the rest follows the machine.
 */
const encoders: Readonly<Record<Codec, EncoderArgv>> = {
  // `info=0`: no text about the build in the stream. Headers stand in the container only: a join needs them equal, receipts compare them.
  hevc: ({ quality, preset }, task) => [
    ...['-c:v', 'libx265', '-preset', preset, '-crf', String(quality), '-x265-params'],
    `frame-threads=3:pools=${task.threads}:keyint=${keyint(task)}:open-gop=0:info=0:repeat-headers=0:log-level=error`,
  ],
  h264: ({ quality, preset }, task) => [
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(quality), '-threads', '8', '-x264-params'],
    `keyint=${keyint(task)}:open-gop=0`,
  ],
  // `irefresh-type=2`: closed groups of pictures.
  av1: ({ quality, preset }, task) => [
    ...['-c:v', 'libsvtav1', '-preset', preset, '-crf', String(quality), '-g', String(keyint(task)), '-svtav1-params'],
    `lp=${task.threads}:irefresh-type=2`,
  ],
  ffv1: (_, { threads }) => [
    ...['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slices', '16', '-slicecrc', '1', '-threads', String(threads)],
  ],
  prores: (_, { threads }) => ['-c:v', 'prores_ks', '-profile:v', 'hq', '-threads', String(threads)],
};

/** ffmpeg's name of the pixel format that is encoded. ProRes 422 knows 10 bits only. */
export function encodedFormat({ codec, bits }: EncodeStep): string {
  if (codec === 'prores') return 'yuv422p10le';
  return bits === 10 ? 'yuv420p10le' : 'yuv420p';
}

/** From the filtered picture to the file: encoder, colour tags, frames by count, Matroska without anything that a run could differ in. */
export function encodeArgv(task: SegmentTask): readonly string[] {
  const { encode } = task.job.profile;
  return [...encoders[encode.codec](encode, task), ...outputArgv(task, encodedFormat(encode))];
}

/** What follows the encoder's own options. @param format ffmpeg's name of the pixel format that goes into the encoder */
export function outputArgv(task: SegmentTask, format: string): readonly string[] {
  return [
    ...['-pix_fmt', format, '-color_range', 'tv'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...['-fps_mode', 'passthrough', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-f', 'matroska', '-y', task.output],
  ];
}
