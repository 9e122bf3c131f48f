/** A picture on the canvas and when it shows. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** One colour number, 0 to 3, per byte, row by row. */
  readonly pixels: Uint8Array;
}

/** Writes `<stem>.idx` and `<stem>.sub`. */
export function writeVobSub(
  stem: string,
  track: {
    readonly width: number;
    readonly height: number;
    /** Two letters. */
    readonly language: string;
    /** Colours 0 to 3 as RRGGBB; colour 0 is the clear background. */
    readonly palette: readonly string[];
    readonly cues: readonly Cue[];
  },
): void;
