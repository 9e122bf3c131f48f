/** The engines that there are, by name. */
import { Failure } from '../domain/failures.js';
import type { EngineName } from '../domain/profile.js';
import type { Engine } from './engine.js';
import { ffmpeg } from './ffmpeg.js';
import { onnx } from './onnx.js';

const topaz: Engine = {
  name: 'topaz',
  run() {
    throw new Failure('unsupported', 'the topaz engine runs on Windows machines of the AWS fleet only', {
      next: 'Choose a profile with the onnx or ffmpeg engine: taaf profiles',
    });
  },
};

export const engines = { ffmpeg, onnx, topaz } as const satisfies Record<EngineName, Engine>;
