/** Topaz Video: its own ffmpeg from the restored segment to the encoded one, with the filter `tvai_up` in the middle. */
import { Failure } from '../domain/failures.js';
import { TOPAZ_MODEL } from '../domain/topaz.js';
import { filterThreads, progress, restoredInput } from './argv.js';
import type { Engine, SegmentTask } from './engine.js';
import { modelPicture, targetPicture } from './topaz-colour.js';
import { enlarge, scaleFor, type TopazUse } from './topaz-filter.js';
import type { TopazModel } from './topaz-model.js';
import { nvencArgv } from './nvenc.js';

/**
 * `info`: at `verbose` a real encode has crashed (one report), and the library is silent at both (TopazLabs/FFmpeg, ff_tvai_handleLogging).
 * Audio, subtitles and data never are in a restored segment.
 */
const head = (task: SegmentTask): readonly string[] => [
  ...['-nostdin', '-hide_banner', '-loglevel', 'info', '-xerror', ...progress],
  ...[...filterThreads(task), ...restoredInput(task), '-map', '0:v:0'],
];

/** The scale of a task: from the restored picture to its target in one step, the rest is Lanczos. */
export function topazScale({ width, height, job: { target } }: SegmentTask, model: TopazModel): number {
  return scaleFor(model, Math.max(target.width / width, target.height / height));
}

function enlarged(task: SegmentTask, use: TopazUse, download: boolean): string {
  const { parameters } = task;
  return enlarge(use, { scale: topazScale(task, use.model), download, ...(parameters ? { parameters } : {}) });
}

const renderArgv = (task: SegmentTask, use: TopazUse): readonly string[] => [
  ...head(task),
  ...['-vf', `${modelPicture(task, use.machine)},${enlarged(task, use, false)},${targetPicture(task, use.machine)}`],
  ...nvencArgv(task),
];

/** Frames of the canary: enough for a model that looks at its neighbours to give some and to be told the end. */
const CANARY_FRAMES = 48;

/**
 * The canary: a machine's first use of a model, on the first frames of the segment, without a result. It fetches the model where it is
 * missing, makes the GPU's engine of it, and shows before a long render that as many frames come out as go in.
 */
const canaryArgv = (task: SegmentTask, use: TopazUse): readonly string[] => [
  ...head(task),
  ...['-vf', `${modelPicture(task, use.machine)},trim=end_frame=${CANARY_FRAMES},${enlarged(task, use, true)}`],
  ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
];

export const topaz: Engine = {
  name: 'topaz',
  run(task) {
    const { upscale, encode } = task.job.profile;
    if (upscale.engine !== 'topaz') throw new Failure('bug', `the topaz engine got a job for ${upscale.engine}`);
    if (!TOPAZ_MODEL.test(upscale.model)) {
      throw new Failure('unsupported', `"${upscale.model}" is no short name of a Topaz model`, {
        next: 'Name the model as Topaz does, such as prob-4',
      });
    }
    if (encode.codec !== 'hevc') {
      throw new Failure('unsupported', `The topaz engine encodes hevc only, not ${encode.codec}`, {
        evidence: 'Topaz’s ffmpeg has neither x264 nor x265; TAAF uses its hevc_nvenc',
        next: 'Set encode.codec to hevc in the profile',
      });
    }
    return {
      kind: 'topaz',
      model: upscale.model,
      render: (use) => renderArgv(task, use),
      canary: (use) => canaryArgv(task, use),
      canaryFrames: Math.min(CANARY_FRAMES, task.frames),
    };
  },
};
