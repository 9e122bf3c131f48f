/** HEVC by the GPU's own encoder: the only one that Topaz's ffmpeg has for it. Pure. */
import type { EncodeStep } from '../domain/profile.js';
import type { SegmentTask } from './engine.js';
import { keyint, outputArgv } from './encode.js';

/** x265's presets as NVENC's: the same words in a profile mean the same place between fast and small. */
const presets: Readonly<Record<string, string>> = {
  ultrafast: 'p1',
  superfast: 'p1',
  veryfast: 'p2',
  faster: 'p3',
  fast: 'p4',
  medium: 'p5',
  slow: 'p6',
  slower: 'p7',
  veryslow: 'p7',
  placebo: 'p7',
};

/** The pixel format that goes into the encoder. */
export const nvencFormat = ({ bits }: EncodeStep): string => (bits === 10 ? 'p010le' : 'nv12');

/**
 * Constant QP, the profile's CRF as it is: as Topaz's own program encodes, and a segment's first frames look like its last. No B-frames, as
 * there too: every group of pictures is closed and frames leave in their order, so that segments can be joined.
 */
export function nvencArgv(task: SegmentTask): readonly string[] {
  const { encode } = task.job.profile;
  return [
    ...['-c:v', 'hevc_nvenc', '-preset', presets[encode.preset] ?? 'p5', '-tune', 'hq'],
    ...['-profile:v', encode.bits === 10 ? 'main10' : 'main'],
    ...['-rc', 'constqp', '-qp', String(Math.round(encode.quality)), '-b:v', '0', '-bf', '0'],
    ...['-g', String(keyint(task)), '-forced-idr', '1', '-strict_gop', '1'],
    ...outputArgv(task, nvencFormat(encode)),
  ];
}
