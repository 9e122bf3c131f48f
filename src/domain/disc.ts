/** Sources that are no single video file: a title of a DVD, or the loose VOBs of one. */

/** A file as intake saw it. */
export interface FileIdentity {
  /** Relative to the season's folder, with `/` between folders. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Where an episode is that must be copied into one file before anything else can read it. */
export type Origin =
  | {
      readonly kind: 'title';
      /** The image, or the folder that holds VIDEO_TS.IFO, relative to the season's folder; `.` is that folder itself. */
      readonly disc: string;
      /** As DVD players count, from 1. */
      readonly title: number;
      /** All that the title is read from. */
      readonly files: readonly FileIdentity[];
    }
  /** A VOB, or `VTS_01_1.VOB`, `VTS_01_2.VOB`… in this order, without the tables that belong to them. */
  | { readonly kind: 'vobs'; readonly files: readonly FileIdentity[] };
