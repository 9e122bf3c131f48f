/** An engine turns a restored segment into an encoded one. Pure: it says what to run and how to read it; it never spawns. */
import type { Job } from '../domain/job.js';
import type { EngineName } from '../domain/profile.js';

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
}

/**
 * `single`: one ffmpeg does all and tells its progress on standard output.
 * `piped`: raw frames go from `decode`'s standard output through the model into `encode`'s standard input; all are packed RGB,
 * 16 bits a channel, little endian. All argv are without the program's name: the agent knows where ffmpeg is.
 */
export type EngineRun =
  | { readonly kind: 'single'; readonly argv: readonly string[] }
  | {
      readonly kind: 'piped';
      readonly model: string;
      readonly decode: readonly string[];
      /** @param factor how many times wider and higher the model's picture is: only the open model knows it */
      readonly encode: (factor: number) => readonly string[];
    };

export interface Engine {
  readonly name: EngineName;
  /** @throws Failure `unsupported` when the engine cannot do the job at all */
  run(task: SegmentTask): EngineRun;
}
