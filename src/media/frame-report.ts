/** Reads what the restore chain prints of every frame: its time and its scene score. */

export interface FrameReport {
  /** Ticks of 1/120000 s. */
  readonly times: number[];
  /** 0 to 100: how much the frame differs from the one before it. */
  readonly scores: number[];
}

const SCORE = 'lavfi.scd.score=';

/** A reader of the metadata filter's lines; it calls `onFrame` with the count after each frame. */
export function frameReport(
  onFrame: (frames: number) => void,
): FrameReport & { readonly onLine: (line: string) => void } {
  const times: number[] = [];
  const scores: number[] = [];
  return {
    times,
    scores,
    onLine: (line) => {
      const time = /^frame:\d+\s+pts:(-?\d+)/.exec(line)?.[1];
      if (time !== undefined) times.push(Number(time));
      if (!line.startsWith(SCORE)) return;
      scores.push(Number(line.slice(SCORE.length)));
      onFrame(scores.length);
    },
  };
}
