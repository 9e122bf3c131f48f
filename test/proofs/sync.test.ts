import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SyncPoint } from '../../src/domain/proof.js';
import { proveSync } from '../../src/proofs/sync.js';
import { verdict } from '../fixtures/job.js';
import * as fixtures from '../fixtures/media.js';
import { tools } from '../helpers/tools.js';
import { joined, rendered } from './rendered.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-sync-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lateness = (points: readonly SyncPoint[]): number[] =>
  points.map((point) => ('lateMs' in point ? point.lateMs : Number.NaN));

describe('the proof of picture against sound', () => {
  it('finds nothing late in film that starts after its sound, and leaves no file behind', async () => {
    const film = await fixtures.progressive(folder, 216);
    const source = await fixtures.withTone(film, 200, join(folder, 'late.mkv'));
    const task = await joined(folder, await rendered(folder, source, verdict('progressive')));
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
    const episode = await rendered(folder, source, verdict('progressive'));
    await expect(proveSync(tools, await joined(folder, episode, ticks))).rejects.toMatchObject({
      kind: 'verify-failed',
      message: expect.stringContaining(how) as string,
    });
  });

  it.each([
    ['hard telecine', () => fixtures.hardTelecine(folder, 144), 'hard-telecine', 17],
    ['soft telecine in a VOB', softTelecineWithSound, 'soft-telecine', 9],
    ['video, a frame for every field', () => fixtures.interlaced(folder, 288), 'interlaced', 1],
  ] as const)('sees that %s is in its place, and one frame more is not', async (_, make, cadence, within) => {
    const episode = await rendered(folder, await make(), verdict(cadence));
    const { points, longerMs } = await proveSync(tools, await joined(folder, episode));
    for (const late of lateness(points)) expect(Math.abs(late)).toBeLessThanOrEqual(within);
    expect(Math.abs(longerMs ?? Number.NaN)).toBeLessThanOrEqual(42);
    const [[, frame] = [0, 0]] = episode.manifest.steps;
    await expect(proveSync(tools, await joined(folder, episode, frame))).rejects.toMatchObject({
      kind: 'verify-failed',
    });
  });

  /** The clock of a VOB starts anywhere; its sound fixes it. */
  async function softTelecineWithSound(): Promise<string> {
    return fixtures.withTone(await fixtures.softTelecine(folder, 144, 'vob'), 200, join(folder, 'sound.vob'));
  }

  it('says nothing where nothing moves', async () => {
    const source = join(folder, 'still.mkv');
    await fixtures.ffmpeg('-f', 'lavfi', '-i', 'smptebars=s=320x240:r=24:d=3', '-c:v', 'mpeg2video', source);
    const { points } = await proveSync(
      tools,
      await joined(folder, await rendered(folder, source, verdict('progressive'))),
    );
    expect(points).toEqual([{ seconds: expect.any(Number) as number, skipped: 'still' }]);
  });

  it('says nothing where a movement repeats itself', async () => {
    const source = join(folder, 'loop.mkv');
    const loop = 'testsrc2=s=320x240:r=24,loop=-1:12,setpts=N/24/TB,trim=end_frame=96';
    await fixtures.ffmpeg('-f', 'lavfi', '-i', loop, '-c:v', 'mpeg2video', '-q:v', '2', source);
    const { points } = await proveSync(
      tools,
      await joined(folder, await rendered(folder, source, verdict('progressive'))),
    );
    expect(points).toEqual([{ seconds: expect.any(Number) as number, skipped: 'unclear' }]);
  });

  it('tells how much a source goes on after the end of the result', async () => {
    const source = await fixtures.progressive(folder, 120);
    const whole = await rendered(folder, source, verdict('progressive'));
    const short = { ...whole.manifest, frames: 96, steps: [[96, 5005]] as const };
    const { longerMs } = await proveSync(tools, { ...(await joined(folder, whole)), manifest: short });
    expect(longerMs).toBeCloseTo(-1001, -1);
  });
});
