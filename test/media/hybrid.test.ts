/** Sources that are film here and video there: told apart frame by frame, and restored without a lost or a doubled frame. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { probe } from '../../src/media/probe.js';
import { restore } from '../../src/media/restore.js';
import { testJob, testProfile } from '../fixtures/job.js';
import * as fixtures from '../fixtures/media.js';
import { tools } from '../helpers/tools.js';

let folder: string;
let sources = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-hybrid-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function planned(parts: readonly fixtures.Part[]) {
  return lookedAt(await fixtures.hybrid(folder, parts, `hybrid-${++sources}.mkv`));
}

async function lookedAt(source: string) {
  const info = await probe(tools, source);
  return { source, info, cadence: await detectCadence(tools, filmOfFile(source, info), info) };
}

async function restored(parts: readonly fixtures.Part[], interlaced: 'field' | 'frame' = 'field') {
  return restoredAs(await planned(parts), interlaced);
}

async function restoredAs(
  { source, info, cadence }: Awaited<ReturnType<typeof planned>>,
  interlaced: 'field' | 'frame' = 'field',
) {
  const place = await mkdtemp(join(folder, 'work-'));
  const job = testJob(info, cadence, testProfile({ interlaced }));
  const picture = await restore(tools, { job, source, folder: place });
  const seen = await fixtures.framesIn(place, ...picture.segments.map(({ file }) => file));
  return { cadence, picture, seen };
}

const whole = (...ranges: readonly (readonly [from: number, to: number, step?: number])[]) =>
  ranges.flatMap(([from, to, step = 1]) => {
    const numbers = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
    return numbers.map((number) => ({ number, combed: false }));
  });

describe('a hybrid source', () => {
  it('of film, video and film keeps every frame and every field, each with its own time', async () => {
    const parts = [
      { kind: 'film', count: 40 },
      { kind: 'video', count: 60 },
      { kind: 'film', count: 40 },
    ] as const;
    const { cadence, picture, seen } = await restored(parts);
    expect(cadence.passages).toEqual([
      { kind: 'film', first: 0, frames: 50, phase: 0 },
      { kind: 'video', first: 50, frames: 30 },
      { kind: 'film', first: 80, frames: 50, phase: 0 },
    ]);
    expect(cadence).toMatchObject({ cadence: 'hard-telecine', fieldOrder: 'tff' });
    expect(cadence.evidence).toBe('130 frames: 76.9 % hard-telecine, 23.1 % interlaced; in 3 passages');
    expect(seen).toEqual(whole([0, 140]));
    expect(picture.steps).toEqual([
      [40, 5005],
      [60, 2002],
      [40, 5005],
    ]);
  });

  it('gives a frame for each two fields of video where the profile says so', async () => {
    const parts = [
      { kind: 'film', count: 40 },
      { kind: 'video', count: 40 },
    ] as const;
    const { picture, seen } = await restored(parts, 'frame');
    expect(seen).toEqual(whole([0, 40], [40, 80, 2]));
    expect(picture.steps).toEqual([
      [40, 5005],
      [20, 4004],
    ]);
  });

  it('of film, whole frames and video is all three', async () => {
    const parts = [
      { kind: 'film', count: 40 },
      { kind: 'frames', count: 40 },
      { kind: 'video', count: 40 },
    ] as const;
    const { picture, seen } = await restored(parts);
    expect(seen).toEqual(whole([0, 120]));
    expect(picture.steps).toEqual([
      [40, 5005],
      [40, 4004],
      [40, 2002],
    ]);
  });

  it('cut inside the 3:2 cycle keeps every frame of which both fields are left', async () => {
    const parts = [
      { kind: 'film', count: 60, cut: [0, 2] },
      { kind: 'film', count: 60, cut: [3, 1] },
      { kind: 'film', count: 60, cut: [1, 0] },
    ] as const;
    const { cadence, seen } = await restored(parts);
    // Of 62 one field is left: its frame is torn, and shown from that field. The repeat before the second cut holds one of 119.
    expect(cadence.passages?.flatMap(({ torn = [] }) => torn)).toEqual([73]);
    expect(seen).toEqual(whole([0, 58], [62, 119], [121, 180]));
  });

  it('with a roll of credits over film makes a frame of every field of it, so that nothing is combed', async () => {
    const stripes = "geq=lum='if(between(Y,200,230)*lt(X,90)*lt(mod(X+6*(2*N+mod(Y,2)),48),16),235,lum(X,Y))'";
    const parts = [
      { kind: 'film', count: 60 },
      { kind: 'film', count: 60, over: stripes },
      { kind: 'film', count: 40 },
    ] as const;
    const { cadence, picture, seen } = await restored(parts);
    expect(cadence.passages?.map(({ kind, first, frames }) => [kind, first, frames])).toEqual([
      ['film', 0, 75],
      ['mixed', 75, 75],
      ['film', 150, 50],
    ]);
    expect(seen.filter(({ combed }) => combed)).toEqual([]);
    expect(new Set(seen.map(({ number }) => number)).size).toBe(160);
    expect(picture.steps).toEqual([
      [60, 5005],
      [150, 2002],
      [40, 5005],
    ]);
  });

  it('finds a passage of video no longer than a third of a second', async () => {
    const { cadence } = await planned([
      { kind: 'film', count: 60 },
      { kind: 'video', count: 20 },
      { kind: 'film', count: 60 },
    ]);
    expect(cadence.passages?.map(({ kind, first, frames }) => [kind, first, frames])).toEqual([
      ['film', 0, 75],
      ['video', 75, 10],
      ['film', 85, 75],
    ]);
  });

  it.each(['mkv', 'vob'])('of film by flags and film in the 3:2 cycle is film all through (.%s)', async (extension) => {
    const found = await lookedAt(await fixtures.softThenHard(folder, 96, extension));
    const { picture, seen } = await restoredAs(found);
    expect(found.cadence.passages?.map(({ kind, soft, first, frames }) => [kind, soft, first, frames])).toEqual([
      ['frames', true, 0, 48],
      ['film', undefined, 48, 60],
    ]);
    expect(seen).toEqual(whole([0, 96]));
    expect(picture.steps.reduce((sum, [frames, ticks]) => sum + frames * ticks, 0)).toBeCloseTo(96 * 5005, -4);
  });

  it('of film with the bottom field first gets its frames back', async () => {
    const found = await lookedAt(await fixtures.hardTelecine(folder, 48, 'bottom'));
    const { picture, seen } = await restoredAs(found);
    expect(found.cadence).toMatchObject({ fieldOrder: 'bff', passages: [{ kind: 'film', first: 0, frames: 60 }] });
    expect(seen).toEqual(whole([0, 48]));
    expect(picture.steps).toEqual([[48, 5005]]);
  });

  it('that decodes to other frames than it was planned with is refused', async () => {
    const { source, info, cadence } = await planned([{ kind: 'film', count: 40 }]);
    const passages = cadence.passages?.map((passage) => ({ ...passage, frames: passage.frames + 5 })) ?? [];
    const job = testJob(info, { ...cadence, passages }, testProfile({}));
    const place = await mkdtemp(join(folder, 'work-'));
    await expect(restore(tools, { job, source, folder: place })).rejects.toMatchObject({
      kind: 'bad-source',
      evidence: '40 frames restored, 44 planned',
    });
  });
});
