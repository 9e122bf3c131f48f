/** The engines that there are, by name. */
import type { EngineName } from '../domain/profile.js';
import type { Engine } from './engine.js';
import { ffmpeg } from './ffmpeg.js';
import { onnx } from './onnx.js';
import { topaz } from './topaz.js';

export const engines = { ffmpeg, onnx, topaz } as const satisfies Record<EngineName, Engine>;
