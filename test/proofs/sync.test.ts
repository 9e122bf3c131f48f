import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRenderer } from '../../src/agent/render.js';
import { averageRate } from '../../src/domain/frames.js';
import type { Job, Manifest } from '../../src/domain/job.js';
import type { CadenceVerdict } from '../../src/domain/media.js';
import type { SyncPoint } from '../../src/domain/proof.js';
import { joinAndMux } from '../../src/media/join.js';
import { probe } from '../../src/media/probe.js';
import { restore } from '../../src/media/restore.js';
import { proveSync, type SyncTask } from '../../src/proofs/sync.js';
import { testJob, testProfile, verdict } from '../fixtures/job.js';
import * as fixtures from '../fixtures/media.js';
import { tools } from '../helpers/tools.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-sync-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Rendered {
  readonly job: Job;
  readonly manifest: Manifest;
  readonly source: string;
  readonly segments: readonly string[];
}

/** A source as the real restorer and the real engine leave it. */
async function rendered(source: string, cadence: CadenceVerdict): Promise<Rendered> {
  const place = await mkdtemp(join(folder, 'work-'));
  const target = { width: 320, height: 240 };
  const job = { ...testJob(await probe(tools, source), cadence, testProfile()), target };
  const { segments: cuts, ...picture } = await restore(tools, { job, source, folder: place });
  const renderer = openRenderer({ tools, models: [], threads: 2 });
  const shape = { ...picture, job, frameRate: averageRate(picture.steps), threads: 2 };
  const segments: string[] = [];
  for (const [segment, { file, frames }] of cuts.entries()) {
    const output = join(place, `rendered-${segment}.mkv`);
    const task = { ...shape, segment, frames, input: file, output };
    await renderer.render(task, { signal: new AbortController().signal, onFrames: () => undefined });
    segments.push(output);
  }
  const named = cuts.map(({ first, frames }) => ({ key: '', sha256: '', bytes: 0, first, frames }));
  const manifest = { version: 1, machine: 'e01-00000000-l1', epoch: 0, ...picture, segments: named } as const;
  return { job, manifest, source, segments };
}

/** Joins with the picture moved by so many ticks, and asks for the proof of the promised place. */
async function joined(episode: Rendered, movedTicks = 0): Promise<SyncTask> {
  const { job, manifest, source, segments } = episode;
  const place = await mkdtemp(join(folder, 'result-'));
  const result = join(place, 'result.mkv');
  const moved = { ...manifest, startTicks: manifest.startTicks + movedTicks };
  await joinAndMux(tools, { info: job.info, manifest: moved, segments, source, output: result });
  const { pictureStream } = await probe(tools, result);
  return { job, manifest, source, result, resultStream: pictureStream };
}

const lateness = (points: readonly SyncPoint[]): number[] =>
  points.map((point) => ('lateMs' in point ? point.lateMs : Number.NaN));

describe('the proof of picture against sound', () => {
  it('finds nothing late in film that starts after its sound, and leaves no file behind', async () => {
    const film = await fixtures.progressive(folder, 216);
    const source = await fixtures.withTone(film, 200, join(folder, 'late.mkv'));
    const task = await joined(await rendered(source, verdict('progressive')));
    const { points, longerMs } = await proveSync(tools, task);
    expect(points).toHaveLength(2);
    for (const late of lateness(points)) expect(Math.abs(late)).toBeLessThanOrEqual(1);
    expect(Math.abs(longerMs ?? Number.NaN)).toBeLessThanOrEqual(1);
    expect(await readdir(join(task.result, '..'))).toEqual(['result.mkv']);
  });

  it.each([
    ['200 ms too late', 24_000],
    ['80 ms too early', -9_600],
    ['42 ms too late', 5_005],
    ['42 ms too early', -5_005],
  ])('refuses a picture that comes %s', async (how, ticks) => {
    const film = await fixtures.progressive(folder, 96);
    const source = await fixtures.withTone(film, 200, join(folder, `moved${ticks}.mkv`));
    const episode = await rendered(source, verdict('progressive'));
    await expect(proveSync(tools, await joined(episode, ticks))).rejects.toMatchObject({
      kind: 'verify-failed',
      message: expect.stringContaining(how) as string,
    });
  });

  it.each([
    ['hard telecine', () => fixtures.hardTelecine(folder, 144), 'hard-telecine', 17],
    ['soft telecine in a VOB', softTelecineWithSound, 'soft-telecine', 9],
    ['video, a frame for every field', () => fixtures.interlaced(folder, 288), 'interlaced', 1],
  ] as const)('sees that %s is in its place, and one frame more is not', async (_, make, cadence, within) => {
    const episode = await rendered(await make(), verdict(cadence));
    const { points, longerMs } = await proveSync(tools, await joined(episode));
    for (const late of lateness(points)) expect(Math.abs(late)).toBeLessThanOrEqual(within);
    expect(Math.abs(longerMs ?? Number.NaN)).toBeLessThanOrEqual(42);
    const [[, frame] = [0, 0]] = episode.manifest.steps;
    await expect(proveSync(tools, await joined(episode, frame))).rejects.toMatchObject({ kind: 'verify-failed' });
  });

  /** The clock of a VOB starts anywhere; its sound fixes it. */
  async function softTelecineWithSound(): Promise<string> {
    return fixtures.withTone(await fixtures.softTelecine(folder, 144, 'vob'), 200, join(folder, 'sound.vob'));
  }

  it('says nothing where nothing moves', async () => {
    const source = join(folder, 'still.mkv');
    await fixtures.ffmpeg('-f', 'lavfi', '-i', 'smptebars=s=320x240:r=24:d=3', '-c:v', 'mpeg2video', source);
    const { points } = await proveSync(tools, await joined(await rendered(source, verdict('progressive'))));
    expect(points).toEqual([{ seconds: expect.any(Number) as number, skipped: 'still' }]);
  });

  it('says nothing where a movement repeats itself', async () => {
    const source = join(folder, 'loop.mkv');
    const loop = 'testsrc2=s=320x240:r=24,loop=-1:12,setpts=N/24/TB,trim=end_frame=96';
    await fixtures.ffmpeg('-f', 'lavfi', '-i', loop, '-c:v', 'mpeg2video', '-q:v', '2', source);
    const { points } = await proveSync(tools, await joined(await rendered(source, verdict('progressive'))));
    expect(points).toEqual([{ seconds: expect.any(Number) as number, skipped: 'unclear' }]);
  });

  it('tells how much a source goes on after the end of the result', async () => {
    const source = await fixtures.progressive(folder, 120);
    const whole = await rendered(source, verdict('progressive'));
    const short = { ...whole.manifest, frames: 96, steps: [[96, 5005]] as const };
    const { longerMs } = await proveSync(tools, { ...(await joined(whole)), manifest: short });
    expect(longerMs).toBeCloseTo(-1001, -1);
  });
});
