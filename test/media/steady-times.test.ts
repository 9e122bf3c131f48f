import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/domain/frames.js';
import { ANY_CLOCK, FILM_CLOCK, steadyDurations } from '../../src/media/steady-times.js';

const frames = (count: number) => Array.from({ length: count }, (_, n) => n);
const milliseconds = (ticks: number) => 120 * Math.round(ticks / 120);

describe('steady times', () => {
  it.each([5005, 5000, 4800, 4004, 2002, 2400])('give back %i ticks a frame from stamps in milliseconds', (step) => {
    const times = frames(2000).map((n) => milliseconds(n * step + 7));
    expect(stepsOf(steadyDurations(times, ANY_CLOCK))).toEqual([[2000, step]]);
  });

  it.each([5005, 5000])('tell %i ticks from its neighbour in a second of picture', (step) => {
    const times = frames(25).map((n) => n * step);
    expect(stepsOf(steadyDurations(times, ANY_CLOCK))).toEqual([[25, step]]);
  });

  it('keep a gap of the source where it is, also when there are many', () => {
    const gap = frames(500).map((n) => milliseconds((n < 200 ? n : n + 3) * 5005));
    expect(stepsOf(steadyDurations(gap, ANY_CLOCK))).toEqual([
      [199, 5005],
      [1, 4 * 5005],
      [300, 5005],
    ]);
    const gaps = frames(70).filter((n) => n % 7 !== 3);
    const durations = steadyDurations(
      gaps.map((n) => milliseconds(n * 4800)),
      ANY_CLOCK,
    );
    expect(durations).toEqual(gaps.map((n) => (n % 7 === 2 ? 9600 : 4800)));
  });

  it('start anew where the clock of the source jumps', () => {
    const times = frames(100).map((n) => n * 4004 + (n < 50 ? 0 : 1700));
    expect(stepsOf(steadyDurations(times, ANY_CLOCK))).toEqual([
      [49, 4004],
      [1, 5704],
      [50, 4004],
    ]);
  });

  it('make the swing of soft telecine even', () => {
    // Shown for three and two fields in turn; a field is 2002 ticks.
    const times = frames(1000).map((n) => milliseconds(Math.ceil(n * 2.5) * 2002));
    expect(stepsOf(steadyDurations(times, FILM_CLOCK))).toEqual([[1000, 5005]]);
  });

  it('leave a variable rate as it is', () => {
    const times = [0, 3000, 9000, 9700, 20_000, 21_000, 30_000];
    expect(steadyDurations(times, ANY_CLOCK)).toEqual([3000, 6000, 700, 10_300, 1000, 9000, 9000]);
  });

  it('never drift from the stamps', () => {
    const times = frames(70_000).map((n) => milliseconds(n * 5005));
    const total = steadyDurations(times, ANY_CLOCK).reduce((sum, ticks) => sum + ticks, 0);
    expect(total).toBe(70_000 * 5005);
  });
});
