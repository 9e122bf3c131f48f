/** Tasks for engines, at a tiny size, and real restored segments for them. */
import { join } from 'node:path';
import type { Job } from '../../src/domain/job.js';
import type { Colour, SourceInfo } from '../../src/domain/media.js';
import type { EncodeStep, UpscaleStep } from '../../src/domain/profile.js';
import type { SegmentTask } from '../../src/engines/engine.js';
import { testJob, testProfile, verdict } from '../fixtures/job.js';
import { ffmpeg } from '../helpers/rendered.js';

export const ntsc: Colour = { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' };
export const hd: Colour = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', range: 'tv' };

export const classic: UpscaleStep = { engine: 'ffmpeg', scaler: 'lanczos', grain: 0 };
export const lossless: EncodeStep = { codec: 'ffv1', quality: 0, preset: 'medium', bits: 10, keyframeSeconds: 2 };
export const hevc: EncodeStep = { codec: 'hevc', quality: 18, preset: 'ultrafast', bits: 10, keyframeSeconds: 2 };

export interface Wanted {
  readonly upscale?: UpscaleStep;
  readonly encode?: EncodeStep;
  readonly colour?: Colour;
  readonly target?: { readonly width: number; readonly height: number };
}

const info = (colour: Colour): SourceInfo => ({
  container: 'matroska',
  bytes: 1,
  durationSeconds: 1,
  picture: {
    codec: 'mpeg2video',
    width: 64,
    height: 48,
    sar: { num: 1, den: 1 },
    pixelFormat: 'yuv420p',
    frameRate: { num: 24_000, den: 1001 },
    colour,
  },
  pictureStream: 0,
  streams: [],
  chapters: [],
});

function jobFor(wanted: Wanted): Job {
  const { upscale = classic, encode = lossless, colour = ntsc, target = { width: 256, height: 192 } } = wanted;
  return { ...testJob(info(colour), verdict('progressive'), { ...testProfile(), upscale, encode }), target };
}

/** A task for a restored segment of 64x48 pixels, eight frames long, whose files lie in `folder`. */
export function taskIn(folder: string, wanted: Wanted = {}, more: Partial<SegmentTask> = {}): SegmentTask {
  return {
    job: jobFor(wanted),
    segment: 3,
    frames: 8,
    width: 64,
    height: 48,
    pixelFormat: 'yuv420p',
    input: join(folder, 'restored.mkv'),
    output: join(folder, 'segment.mkv'),
    frameRate: { num: 24_000, den: 1001 },
    threads: 2,
    ...more,
  };
}

/** Makes the task's input from a filter source (lavfi), as the restorer would: FFV1, key frames only. */
export async function makeRestored(task: SegmentTask, source: string): Promise<void> {
  const size = `s=${task.width}x${task.height}:r=24`;
  const filter = `${source.replace('SIZE', size)},format=${task.pixelFormat}`;
  const ffv1 = ['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slices', '4', '-slicecrc', '1'];
  await ffmpeg('-f', 'lavfi', '-i', filter, '-frames:v', String(task.frames), ...ffv1, task.input);
}

/** A picture in which every frame differs from the next. */
export const MOVING = 'testsrc2=SIZE,noise=alls=20:allf=t:all_seed=1';
