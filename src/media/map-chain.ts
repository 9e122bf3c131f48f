/**
 * The filters that restore a source by its passages: every frame is treated by its index, and no filter decides anything. Film's split frames
 * get the second field of the frame before them (`phase` delays it), its repeats are left out, torn frames and video are deinterlaced.
 */
import { CYCLE, REPEAT, restoredFrames, SPLIT, type Passage } from '../domain/cadence.js';
import type { CadenceVerdict } from '../domain/media.js';
import { piecewise, type Piece } from './piecewise.js';

type FieldOrder = CadenceVerdict['fieldOrder'];

/** @param video one frame for each field of video, or for each two */
export function passageFilters(
  passages: readonly Passage[],
  order: FieldOrder,
  video: 'field' | 'frame',
): readonly string[] {
  const later = order === 'tff' ? 't' : 'b';
  const bob = `bwdif=mode=${video === 'field' ? 'send_field' : 'send_frame'}`;
  return [
    `setfield=${order}`,
    `phase=mode=${later}:enable='${splitFrames(passages)}'`,
    `select='not(${repeats(passages)})'`,
    // The fields around a torn frame belong to other scenes: only its own may be looked at.
    `estdif=mode=frame:parity=${order}:deint=all:enable='${tornFrames(passages)}'`,
    `${bob}:parity=${order}:deint=all:enable='${videoFrames(passages)}'`,
  ];
}

const inCycle = (passage: Passage, place: number): string =>
  `eq(mod(n-${passage.first}+${passage.phase ?? 0},${CYCLE}),${place})`;

/** Frames, as they are coded, that mix two frames of film and become one of them. */
const splitFrames = (passages: readonly Passage[]): string =>
  piecewise(
    'n',
    passages.flatMap((passage): Piece[] => {
      if (passage.kind !== 'film') return [{ from: passage.first, text: '0' }];
      const pieces = [{ from: passage.first, text: inCycle(passage, SPLIT) }];
      // A torn one keeps its own fields, and its neighbours are looked at again.
      return (passage.torn ?? []).reduce<Piece[]>(
        (all, frame) => [
          ...all.filter(({ from }) => from !== frame),
          { from: frame, text: '0' },
          { from: frame + 1, text: inCycle(passage, SPLIT) },
        ],
        pieces,
      );
    }),
  );

const repeats = (passages: readonly Passage[]): string =>
  piecewise(
    'n',
    passages.map((passage) => ({
      from: passage.first,
      text: passage.kind === 'film' ? inCycle(passage, REPEAT) : '0',
    })),
  );

/** Index of a passage's first frame after the repeats before it are left out. */
function startsOf(passages: readonly Passage[]): number[] {
  let next = 0;
  return passages.map((passage) => {
    const start = next;
    next += restoredFrames(passage, 'frame');
    return start;
  });
}

/** A deinterlacer works on a frame when the next one comes in, and it is that one for which it asks whether it is enabled. */
const DELAY = 1;

/** Torn frames, as they are counted without the repeats. */
function tornFrames(passages: readonly Passage[]): string {
  const starts = startsOf(passages);
  const torn = passages.flatMap((passage, i) =>
    (passage.torn ?? []).map((frame) => (starts[i] ?? 0) + keptBefore(passage, frame)),
  );
  return piecewise('n', [
    { from: 0, text: '0' },
    ...torn.map((frame): Piece => ({ from: frame + DELAY, text: `eq(n,${frame + DELAY})` })),
  ]);
}

/** Frames of a film passage that are kept before one of them. */
const keptBefore = (passage: Passage, frame: number): number =>
  restoredFrames({ ...passage, frames: frame - passage.first }, 'frame');

/** Video and what is treated like it, counted without the repeats. */
function videoFrames(passages: readonly Passage[]): string {
  const starts = startsOf(passages);
  const isVideo = ({ kind }: Passage): boolean => kind === 'video' || kind === 'mixed';
  return piecewise(
    'n',
    passages.map((passage, i) => ({ from: (starts[i] ?? 0) + DELAY, text: isVideo(passage) ? '1' : '0' })),
  );
}
