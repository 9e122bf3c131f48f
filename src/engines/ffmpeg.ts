/** The classic scalers: one ffmpeg from the restored segment to the encoded one. */
import { Failure } from '../domain/failures.js';
import { filterThreads, progress, restoredInput, strict } from './argv.js';
import { encodeArgv } from './encode.js';
import type { Engine } from './engine.js';
import { classicToTarget, grain } from './filters.js';

export const ffmpeg: Engine = {
  name: 'ffmpeg',
  run(task) {
    const { upscale } = task.job.profile;
    if (upscale.engine !== 'ffmpeg') throw new Failure('bug', `the ffmpeg engine got a job for ${upscale.engine}`);
    const filter = `${classicToTarget(task, upscale.scaler)},${grain(task, upscale.grain)}`;
    const input = [...strict, ...progress, ...filterThreads(task), ...restoredInput(task)];
    return { kind: 'single', argv: [...input, '-map', '0:v:0', '-vf', filter, ...encodeArgv(task)] };
  },
};
