/** What it means when ffmpeg stops while it reads a source. */
import type { RunOptions } from '../process/run.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';

/** An exit code that names no other cause is the source's fault; a death without one (a signal) is not. */
export const decodeExit = (source: string): Pick<RunOptions, 'failure' | 'exitKind'> => ({
  failure: { kind: 'engine-crashed', what: `ffmpeg could not decode ${source}` },
  exitKind: (code) => ffmpegExitKind(code) ?? 'bad-source',
});
