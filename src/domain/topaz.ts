/** The words of Topaz Video that cross rooms: where it is installed, and what is told to its models. */

/** Where Topaz is on a machine, as absolute paths. Its product lines have different ones. */
export interface TopazPlace {
  /** The install folder: ffmpeg stands in it and is run from it. */
  readonly folder: string;
  /** Definitions, weights and the sign-in. */
  readonly models: string;
}

/** Short names of Topaz's models, such as `prob-4`: nothing that could end an option of a filter, or leave a folder. */
export const TOPAZ_MODEL = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The six numbers that Proteus and its like are led by, in the order in which `tvai_pe` prints them. */
export const topazParameterNames = ['preblur', 'noise', 'details', 'halo', 'blur', 'compression'] as const;

/** Each from -1 to 1, the range of `tvai_up`. */
export type TopazParameters = Readonly<Record<(typeof topazParameterNames)[number], number>>;

/** Automatic parameters of one episode: estimated once by whoever restores it, the same for all its segments. */
export interface TopazEstimate {
  /** Short name of the model that estimated, and the frames it was shown. */
  readonly estimator: string;
  readonly frames: number;
  /** The median over those frames. */
  readonly parameters: TopazParameters;
}
