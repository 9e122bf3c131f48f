/** An engine turns a restored segment into an encoded one. Pure: it says what to run and how to read it; it never spawns. */
import type { Job } from '../domain/job.js';
import type { EngineName } from '../domain/profile.js';
import type { TopazParameters } from '../domain/topaz.js';
import type { TopazUse } from './topaz-filter.js';

export interface SegmentTask {
  readonly job: Job;
  readonly segment: number;
  readonly frames: number;
  /** Size and pixel format of the restored picture. */
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  /** Absolute paths: the restored segment, and the file to make. */
  readonly input: string;
  readonly output: string;
  /**
   * Average frames a second of the restored picture as a fraction: rate control and key frames need it, times do not.
   * The same for every segment of an episode, since it stands in the parameter sets.
   */
  readonly frameRate: { readonly num: number; readonly den: number };
  /** CPU threads that the unit may use. */
  readonly threads: number;
  /** Topaz's automatic parameters, frozen in the manifest; where they are absent its filter keeps its own. */
  readonly parameters?: TopazParameters;
}

/** The half of a task that looks at the restored picture. */
export type RestoredTask = Omit<SegmentTask, 'output'>;

/**
 * `single`: one ffmpeg does all and tells its progress on standard output.
 * `piped`: raw frames go from `decode`'s standard output through the model into `encode`'s standard input; all are packed RGB,
 * 16 bits a channel, little endian.
 * `topaz`: one ffmpeg too, but Topaz's own, from its folder; what it is told depends on the install and on the GPU's memory.
 * All argv are without the program's name: the agent knows where each ffmpeg is.
 */
export type EngineRun =
  | { readonly kind: 'single'; readonly argv: readonly string[] }
  | {
      readonly kind: 'piped';
      readonly model: string;
      readonly decode: readonly string[];
      /** @param factor how many times wider and higher the model's picture is: only the open model knows it */
      readonly encode: (factor: number) => readonly string[];
    }
  | {
      readonly kind: 'topaz';
      readonly model: string;
      readonly render: (use: TopazUse) => readonly string[];
      /** A short try before the machine's first render, without an output file; it gives `canaryFrames` frames. */
      readonly canary: (use: TopazUse) => readonly string[];
      readonly canaryFrames: number;
    };

export interface Engine {
  readonly name: EngineName;
  /** @throws Failure `unsupported` when the engine cannot do the job at all */
  run(task: SegmentTask): EngineRun;
}
