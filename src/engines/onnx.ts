/** Any super-resolution model: one ffmpeg decodes, the model enlarges, a second ffmpeg blends, adds grain and encodes. */
import { Failure } from '../domain/failures.js';
import { filterThreads, progress, restoredInput, strict } from './argv.js';
import { encodeArgv } from './encode.js';
import type { Engine, SegmentTask } from './engine.js';
import { blended, classicToTarget, grain, restoredToRgb, rgbToTarget } from './filters.js';

const decodeArgv = (task: SegmentTask): readonly string[] => [
  ...[...strict, ...filterThreads(task), ...restoredInput(task), '-map', '0:v:0', '-vf', restoredToRgb(task)],
  ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
];

/** The model's frames on standard input; two of them may wait, as each is up to 37 MB. */
function modelInput({ width, height, frameRate }: SegmentTask, factor: number): readonly string[] {
  const size = `${width * factor}x${height * factor}`;
  const rate = `${frameRate.num}/${frameRate.den}`;
  const format = ['-f', 'rawvideo', '-pixel_format', 'rgb48le', '-video_size', size, '-framerate', rate];
  return ['-thread_queue_size', '2', ...format, '-i', 'pipe:0'];
}

export const onnx: Engine = {
  name: 'onnx',
  run(task) {
    const { upscale } = task.job.profile;
    if (upscale.engine !== 'onnx') throw new Failure('bug', `the onnx engine got a job for ${upscale.engine}`);
    const { model, strength, grain: deviation } = upscale;
    const whole = strength === 1;
    const graph = whole
      ? `[0:v]${rgbToTarget(task)},${grain(task, deviation)}[out]`
      : `[0:v]${rgbToTarget(task)}[model];[1:v]${classicToTarget(task, 'lanczos')}[classic];` +
        `[model][classic]${blended(strength)},${grain(task, deviation)}[out]`;
    const encode = (factor: number): readonly string[] => [
      ...[...strict, ...progress, ...filterThreads(task), ...modelInput(task, factor)],
      ...(whole ? [] : restoredInput(task)),
      ...['-filter_complex', graph, '-map', '[out]', ...encodeArgv(task)],
    ];
    return { kind: 'piped', model, decode: decodeArgv(task), encode };
  },
};
