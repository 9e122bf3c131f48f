/** Every cadence restored by TAAF passes the proof of its frames; every frame that is lost, doubled or strange afterwards is named. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../src/domain/job.js';
import type { CadenceVerdict } from '../../src/domain/media.js';
import type { Profile } from '../../src/domain/profile.js';
import { detectCadence } from '../../src/media/cadence.js';
import { filmOfFile } from '../../src/media/cadence-pass.js';
import { probe } from '../../src/media/probe.js';
import { restore, type RestoredPicture } from '../../src/media/restore.js';
import { canProveFrames, proveFrames } from '../../src/proofs/frames.js';
import { testJob, testProfile } from '../fixtures/job.js';
import * as fixtures from '../fixtures/media.js';
import { processes } from '../helpers/processes.js';
import { tools } from '../helpers/tools.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-frames-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Restored {
  readonly job: Job;
  readonly source: string;
  readonly picture: RestoredPicture;
}

async function restored(
  source: string,
  wishes: Partial<Profile['restore']> = {},
  change: (verdict: CadenceVerdict) => CadenceVerdict = (verdict) => verdict,
): Promise<Restored> {
  const info = await probe(tools, source);
  const cadence = change(await detectCadence(tools, filmOfFile(source, info), info));
  const job = testJob(info, cadence, testProfile({ segmentSeconds: 1, ...wishes }));
  const picture = await restore(tools, { job, source, folder: await mkdtemp(join(folder, 'restored-')) });
  return { job, source, picture };
}

async function faults({ job, source, picture }: Restored, segments = picture.segments.map(({ file }) => file)) {
  const work = await mkdtemp(join(folder, 'proof-'));
  let beats = 0;
  const alive = () => (beats += 1);
  const proof = await proveFrames(tools, { job, source, picture, segments, folder: work, alive });
  expect(beats).toBeGreaterThan(0);
  return { fields: proof.fields, faults: proof.faults.map(({ kind, frame, count }) => [kind, frame, count]) };
}

/** One file in place of all segments, its frames changed by a filter. */
async function changed({ picture }: Restored, filter: string): Promise<string[]> {
  const work = await mkdtemp(join(folder, 'changed-'));
  const file = join(work, 'changed.mkv');
  const inputs = picture.segments.flatMap((segment) => ['-i', segment.file]);
  const joined = `concat=n=${picture.segments.length},settb=1/1000,setpts=N,${filter}`;
  await fixtures.ffmpeg(...inputs, '-filter_complex', joined, '-fps_mode', 'passthrough', '-c:v', 'ffv1', file);
  return [file];
}

describe('a source restored by TAAF', () => {
  const none = (coded: number) => ({ fields: 2 * coded, faults: [] });

  it('has every frame once: progressive', async () => {
    expect(await faults(await restored(await fixtures.progressive(folder, 96)))).toEqual(none(96));
  });

  it('has every frame once: hard telecine', async () => {
    expect(await faults(await restored(await fixtures.hardTelecine(folder, 96)))).toEqual(none(120));
    expect(await faults(await restored(await fixtures.hardTelecine(folder, 96, 'bottom')))).toEqual(none(120));
  });

  it('has every frame once: soft telecine', async () => {
    expect(await faults(await restored(await fixtures.softTelecine(folder, 96, 'vob')))).toEqual(none(96));
  });

  it('has every frame once: video, by fields and by frames', async () => {
    const source = await fixtures.interlaced(folder, 96);
    expect(await faults(await restored(source))).toEqual(none(48));
    expect(await faults(await restored(source, { interlaced: 'frame' }))).toEqual(none(48));
  });

  it('has every frame once: film, whole frames and video, cut on several phases', async () => {
    const parts = [
      { kind: 'film', count: 60, cut: [0, 2] },
      { kind: 'film', count: 60, cut: [3, 1] },
      { kind: 'frames', count: 40 },
      { kind: 'video', count: 40 },
      { kind: 'film', count: 60, cut: [1, 0] },
    ] as const;
    const source = await fixtures.hybrid(folder, parts);
    expect((await faults(await restored(source))).faults).toEqual([]);
    expect((await faults(await restored(source, { interlaced: 'frame' }))).faults).toEqual([]);
  });
});

describe('a proof that cannot be made', () => {
  it('fails for a picture that cannot be read, and leaves no program behind', async () => {
    const film = await restored(await fixtures.progressive(folder, 48));
    await expect(faults(film, [join(folder, 'gone.mkv')])).rejects.toMatchObject({ kind: 'verify-failed' });
    expect(processes().filter(({ command }) => command.includes(folder))).toEqual([]);
  });
});

describe('a restored picture that is wrong', () => {
  let film: Restored;
  let video: Restored;
  beforeAll(async () => {
    film = await restored(await fixtures.hardTelecine(folder, 120));
    video = await restored(await fixtures.interlaced(folder, 120));
  });

  it.each([
    ['a lost frame', "select='not(eq(n,50))'", [['lost', 50, 1]]],
    ['three lost frames', "select='not(between(n,50,52))'", [['lost', 50, 3]]],
    [
      'a frame in the place of another',
      'split[a][b];[a][b]freezeframes=first=50:last=50:replace=49',
      [
        ['lost', 50, 1],
        ['doubled', 50, 1],
      ],
    ],
    [
      'a frame that something has touched',
      "gblur=sigma=1:enable='eq(n,50)'",
      [
        ['lost', 50, 1],
        ['foreign', 50, 1],
      ],
    ],
  ])('is told of film: %s', async (_, filter, expected) => {
    expect((await faults(film, await changed(film, filter))).faults).toEqual(expected);
  });

  it('is told of video: a lost field', async () => {
    expect((await faults(video, await changed(video, "select='not(eq(n,51))'"))).faults).toEqual([['lost', 50, 1]]);
  });

  it('is told of one frame in a thousand', async () => {
    const source = await fixtures.progressive(folder, 1000, 'long.mkv');
    const long = await restored(source, { segmentSeconds: 60 });
    expect(await faults(long, await changed(long, "select='not(eq(n,810))'"))).toEqual({
      fields: 2000,
      faults: [['lost', 810, 1]],
    });
  });

  it('is told when somebody takes video for film by hand', async () => {
    const source = await fixtures.interlaced(folder, 120);
    const wrong = await restored(source, {}, (verdict) => ({
      ...verdict,
      passages: [{ kind: 'film', first: 0, frames: 60, phase: 0 }],
    }));
    expect((await faults(wrong)).faults).toEqual([['lost', expect.any(Number), 12]]);
  });

  it('cannot be told of a command of the user’s own', async () => {
    const info = film.job.info;
    const own = testJob(info, film.job.cadence, testProfile({ command: ['vspipe', '{source}'] }));
    expect([canProveFrames(film.job), canProveFrames(own)]).toEqual([true, false]);
  });
});
