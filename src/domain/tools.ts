/** The programs that TAAF runs, as absolute paths: found once by the toolchain, handed to whoever needs them. */
export interface Tools {
  readonly ffmpeg: string;
  /** For headers only: its build may lack decoders that ffmpeg has. */
  readonly ffprobe: string;
  readonly temporal: string;
  readonly apprise: string;
}

/** What looking into, restoring and rendering pictures needs. */
export type MediaTools = Pick<Tools, 'ffmpeg' | 'ffprobe'>;
