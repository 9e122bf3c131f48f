import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoredFrames, type Passage } from '../../src/domain/cadence.js';
import { restoredDurations, shownFrames } from '../../src/media/map-times.js';

/** Passages that follow each other without gaps. */
const passages = fc
  .array(
    fc.record({
      kind: fc.constantFrom('frames' as const, 'film' as const, 'video' as const, 'mixed' as const),
      frames: fc.integer({ min: 1, max: 40 }),
      phase: fc.integer({ min: 0, max: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => {
    let first = 0;
    return parts.map(({ kind, frames, phase }): Passage => {
      const passage = { kind, first, frames, ...(kind === 'film' ? { phase } : {}) };
      first += frames;
      return passage;
    });
  });
const video = fc.constantFrom('field' as const, 'frame' as const);

/** Times of restored frames as filters pass them on, with a container's rounding to whole milliseconds. */
const measured = (parts: readonly Passage[], rate: 'field' | 'frame'): number[] =>
  [...shownFrames(parts, rate)].map(({ frame, isSecond }) => {
    const ticks = frame * 4004 + (isSecond ? 2002 : 0);
    return Math.round(ticks / 120) * 120;
  });

describe('restored frames', () => {
  it('are as many as their passages promise, in the order of the coded ones', () => {
    fc.assert(
      fc.property(passages, video, (parts, rate) => {
        const shown = [...shownFrames(parts, rate)];
        expect(shown).toHaveLength(parts.reduce((sum, passage) => sum + restoredFrames(passage, rate), 0));
        shown.forEach(({ frame }, i) => expect(frame).toBeGreaterThanOrEqual(shown[i - 1]?.frame ?? 0));
      }),
    );
  });

  it('rise in time, stay within half a frame of film of their coded frames, and do not drift', () => {
    fc.assert(
      fc.property(passages, video, (parts, rate) => {
        const times = measured(parts, rate);
        if (times.length === 0) return;
        const durations = restoredDurations(times, parts, rate);
        expect(Math.min(...durations)).toBeGreaterThanOrEqual(1001);
        let now = times[0] ?? 0;
        // A first frame of film is due at another time than its coded frame's.
        const early = 2002;
        times.forEach((time, i) => {
          expect(Math.abs(now - time)).toBeLessThanOrEqual(2002 + early + 1001);
          now += durations[i] ?? 0;
        });
      }),
    );
  });

  it('of film come at film’s own pace, whatever a container rounds', () => {
    const film: Passage[] = [{ kind: 'film', first: 0, frames: 500, phase: 3 }];
    const durations = restoredDurations(measured(film, 'field'), film, 'field');
    expect(new Set(durations)).toEqual(new Set([5005]));
  });

  it('keep a gap of the source', () => {
    const frames: Passage[] = [{ kind: 'frames', first: 0, frames: 4 }];
    expect(restoredDurations([0, 4080, 120_120, 124_080], frames, 'field')).toEqual([4004, 116_116, 4004, 4004]);
  });

  it('of soft telecine follow film’s clock through stamps that swing by a field', () => {
    const soft: Passage[] = [{ kind: 'frames', first: 0, frames: 5, soft: true }];
    expect(restoredDurations([0, 6000, 9960, 15_960, 20_040], soft, 'field')).toEqual([5005, 5005, 5005, 5005, 5005]);
  });
});
