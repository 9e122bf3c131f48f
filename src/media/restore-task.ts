/** What the restorer is asked to do. */
import type { Job } from '../domain/job.js';
import type { Tools } from '../domain/tools.js';

export type MediaTools = Pick<Tools, 'ffmpeg' | 'ffprobe'>;

export interface RestoreTask {
  readonly job: Job;
  /** The source's path on this machine. */
  readonly source: string;
  /** A folder of our own: what lies in it under our names is replaced. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** Told the number of restored frames as it grows. */
  readonly onProgress?: (frames: number) => void;
}
