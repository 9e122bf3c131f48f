/** Where an episode is cut into segments: at scene changes near the wanted length, so that no encoder starts in the middle of a scene. */

/** A range of frames. */
export interface Cut {
  readonly first: number;
  readonly frames: number;
}

/** Score of ffmpeg's scdet (0 to 100) from which a frame starts a new scene: scdet's own default. */
const SCENE = 10;

/**
 * Cuts the whole into ranges of about `wanted` frames, each half to one and a half times as long. The scene change nearest to the wanted
 * length is taken; without any, the wanted length itself. Only a whole shorter than that is a shorter range.
 * @param scores scene score of every frame: high where it starts a scene
 */
export function cutsOf(scores: readonly number[], wanted: number): Cut[] {
  const least = Math.max(1, Math.ceil(wanted / 2));
  const most = Math.max(1, Math.floor(wanted * 1.5));
  const cuts: Cut[] = [];
  let first = 0;
  while (scores.length - first > most) {
    const end = Math.min(first + most, scores.length - least);
    const next = nearestScene(scores, first + least, end, first + wanted);
    cuts.push({ first, frames: next - first });
    first = next;
  }
  if (first < scores.length) cuts.push({ first, frames: scores.length - first });
  return cuts;
}

/** Frame of `[from, to]` that starts a scene and is nearest to `aim`; `aim` itself when none does. */
function nearestScene(scores: readonly number[], from: number, to: number, aim: number): number {
  let best: number | undefined;
  for (let frame = from; frame <= to; frame++) {
    if ((scores[frame] ?? 0) < SCENE) continue;
    if (best === undefined || Math.abs(frame - aim) < Math.abs(best - aim)) best = frame;
  }
  return best ?? Math.min(aim, to);
}
