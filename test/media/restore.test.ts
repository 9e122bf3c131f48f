import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256OfFile } from '../../src/disk/hash.js';
import { secondsOf, type CadenceVerdict, type SourceInfo } from '../../src/domain/media.js';
import type { Profile } from '../../src/domain/profile.js';
import { probe } from '../../src/media/probe.js';
import { restore } from '../../src/media/restore.js';
import { testJob, testProfile, verdict } from '../fixtures/job.js';
import * as fixtures from '../fixtures/media.js';
import { tools } from '../helpers/tools.js';

const FILM = 144;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-restore-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const count = (frames: number) => Array.from({ length: frames }, (_, number) => ({ number, combed: false }));

async function restored(source: string, cadence: CadenceVerdict, wanted: Partial<Profile['restore']> = {}) {
  const place = await mkdtemp(join(folder, 'work-'));
  const job = testJob(await probe(tools, source), cadence, testProfile(wanted));
  const progress: number[] = [];
  const picture = await restore(tools, { job, source, folder: place, onProgress: (frames) => progress.push(frames) });
  const seen = await fixtures.framesIn(place, ...picture.segments.map(({ file }) => file));
  return { picture, seen, progress };
}

describe('restoring', () => {
  it('keeps every frame of progressive film, each with its exact tick', async () => {
    const { picture, seen, progress } = await restored(
      await fixtures.progressive(folder, FILM),
      verdict('progressive'),
    );
    expect(seen).toEqual(count(FILM));
    expect(picture).toMatchObject({ frames: FILM, width: 320, height: 240, pixelFormat: 'yuv420p', startTicks: 0 });
    expect(picture.steps).toEqual([[FILM, 5005]]);
    expect(progress.at(-1)).toBe(FILM);
  });

  it.each([
    ['top', 'tff'],
    ['bottom', 'bff'],
  ] as const)('gives hard-telecined film its frames back, %s field first', async (first, order) => {
    const source = await fixtures.hardTelecine(folder, FILM, first);
    const { picture, seen } = await restored(source, verdict('hard-telecine', order));
    expect(seen).toEqual(count(FILM));
    expect(picture.steps).toEqual([[FILM, 5005]]);
  });

  it.each(['mkv', 'vob'])('takes soft-telecined film as it is coded, on a steady clock (.%s)', async (extension) => {
    const source = await fixtures.softTelecine(folder, FILM, extension);
    const { picture, seen } = await restored(source, verdict('soft-telecine'));
    expect(seen).toEqual(count(FILM));
    expect(picture.steps).toEqual([[FILM, 5005]]);
  });

  it.each(['tff', 'bff'] as const)('makes a frame of every field of video, or of every pair (%s)', async (order) => {
    const source = await fixtures.interlaced(folder, FILM, order);
    const fields = await restored(source, verdict('interlaced', order));
    expect(fields.seen).toEqual(count(FILM));
    expect(fields.picture.steps).toEqual([[FILM, 2002]]);
    const frames = await restored(source, verdict('interlaced', order), { interlaced: 'frame' });
    expect(frames.seen.map(({ number }) => number)).toEqual(count(FILM / 2).map(({ number }) => 2 * number));
    expect(frames.seen.some(({ combed }) => combed)).toBe(false);
    expect(frames.picture.steps).toEqual([[FILM / 2, 4004]]);
  });

  it.each([
    [200, { startTicks: 24_000 }],
    [-80, { startTicks: 0 }],
  ])('carries a picture that starts %i ms after the sound', async (ms, expected) => {
    const source = await fixtures.withTone(await fixtures.progressive(folder, 48), ms, join(folder, `offset${ms}.mkv`));
    const { picture, seen } = await restored(source, verdict('progressive'));
    expect(picture).toMatchObject(expected);
    const [tone] = (await probe(tools, source)).streams;
    expect(secondsOf(picture.startTicks) - (tone?.startSeconds ?? NaN)).toBeCloseTo(ms / 1000, 3);
    expect(seen).toEqual(count(48));
    expect(picture.steps).toEqual([[48, 5005]]);
  });

  it('carries the start of a clock that begins anywhere', async () => {
    const source = await fixtures.softTelecine(folder, 48, 'vob');
    const { picture } = await restored(source, verdict('soft-telecine'));
    expect(secondsOf(picture.startTicks)).toBeGreaterThan(0.3);
  });

  it('cuts at scene changes into files that hold exactly their frames', async () => {
    const source = await fixtures.progressive(folder, 190, 'scenes.mkv');
    const { picture, seen } = await restored(source, verdict('progressive'), { segmentSeconds: 2.2 });
    // The fixture turns its picture over every 60 frames, so that is where the cuts near 2.2 s (53 frames) belong.
    expect(picture.segments.map(({ first, frames }) => [first, frames])).toEqual([
      [0, 60],
      [60, 60],
      [120, 70],
    ]);
    expect(seen).toEqual(count(190));
    for (const { file, frames } of picture.segments) {
      expect(await fixtures.framesIn(folder, file)).toHaveLength(frames);
    }
  });

  it('gives the same files every time', async () => {
    const source = await fixtures.hardTelecine(folder, 150);
    const hashes = async () => {
      const { picture } = await restored(source, verdict('hard-telecine'), { segmentSeconds: 2 });
      return Promise.all(picture.segments.map(({ file }) => sha256OfFile(file)));
    };
    const first = await hashes();
    expect(first.length).toBeGreaterThan(1);
    expect(await hashes()).toEqual(first);
  });

  it('keeps pixels, their shape and the colour of the source, also where only the standard tells it', async () => {
    const source = join(folder, 'narrow.mkv');
    const shape = ['-f', 'lavfi', '-i', 'testsrc2=s=352x240:r=24000/1001:d=1', '-aspect', '4:3', '-c:v', 'mpeg2video'];
    await fixtures.ffmpeg(...shape, source);
    const place = await mkdtemp(join(folder, 'work-'));
    const job = testJob(await probe(tools, source), verdict('progressive'));
    const { segments } = await restore(tools, { job, source, folder: place });
    const { picture } = await probe(tools, segments[0]?.file ?? '');
    const colour = { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' };
    expect(picture).toMatchObject({ width: 352, height: 240, sar: { num: 10, den: 11 }, codec: 'ffv1', colour });
  });

  it('takes any name and any folder', async () => {
    const odd = join(folder, `-i %d 'quoted' "both" [x] ünï\n${'long'.repeat(30)}`);
    await mkdir(odd);
    const source = join(odd, "-e01 %03d 's | concat:.mkv");
    await copyFile(await fixtures.progressive(folder, 72, 'named.mkv'), source);
    const job = testJob(await probe(tools, source), verdict('progressive'), testProfile({ segmentSeconds: 1 }));
    const { segments } = await restore(tools, { job, source, folder: odd });
    expect(segments.map(({ frames }) => frames)).toEqual([24, 36, 12]);
  });

  it('leaves nothing but the segments behind', async () => {
    const { picture } = await restored(await fixtures.progressive(folder, 120), verdict('progressive'), {
      segmentSeconds: 2,
    });
    const place = dirname(picture.segments[0]?.file ?? '');
    const files = picture.segments.map(({ file }) => basename(file));
    expect((await readdir(place)).filter((name) => name.endsWith('.mkv'))).toEqual(files);
  });
});

describe('a source that cannot be restored', () => {
  const attempt = async (
    source: string,
    info: SourceInfo,
    wanted: Partial<Profile['restore']> = {},
    where = folder,
  ) => {
    const job = testJob(info, verdict('progressive'), testProfile(wanted));
    return restore(tools, { job, source, folder: await mkdtemp(join(where, 'work-')) });
  };

  it('is a bad source when it ends before its time', async () => {
    const source = await fixtures.progressive(folder, 240, 'long.mkv');
    const info = await probe(tools, source);
    const cut = join(folder, 'cut.mkv');
    await writeFile(cut, (await readFile(source)).subarray(0, Math.floor(info.bytes * 0.6)));
    await expect(attempt(cut, info)).rejects.toMatchObject({
      kind: 'bad-source',
      evidence: expect.stringMatching(/instead of 10\.01 s/) as string,
    });
  });

  it('is a bad source when it is gone or holds no frame', async () => {
    const info = await probe(tools, await fixtures.progressive(folder, 24, 'short.mkv'));
    await expect(attempt(join(folder, 'missing.mkv'), info)).rejects.toMatchObject({ kind: 'bad-source' });
    const noise = join(folder, 'noise.mkv');
    await writeFile(noise, Buffer.alloc(100_000, 'noise'));
    await expect(attempt(noise, info)).rejects.toMatchObject({ kind: 'bad-source' });
  });

  it.runIf(process.platform === 'linux')('is innocent of a full disk', async () => {
    const source = await fixtures.progressive(folder, 24, 'short.mkv');
    const place = await mkdtemp(join(folder, 'work-'));
    await symlink('/dev/full', join(place, 'whole.mkv'));
    const job = testJob(await probe(tools, source), verdict('progressive'));
    await expect(restore(tools, { job, source, folder: place })).rejects.toMatchObject({ kind: 'disk-full' });
    const command = [tools.ffmpeg, '-v', 'error', '-i', '{source}', '-f', 'yuv4mpegpipe', '-'];
    const own = { ...job, profile: testProfile({ command }) };
    await expect(restore(tools, { job: own, source, folder: place })).rejects.toMatchObject({ kind: 'disk-full' });
  });

  it('stops at once when it is told to', async () => {
    const source = await fixtures.progressive(folder, 240, 'stopped.mkv');
    const job = testJob(await probe(tools, source), verdict('progressive'));
    const stop = new AbortController();
    const place = await mkdtemp(join(folder, 'work-'));
    const onProgress = () => stop.abort();
    const running = restore(tools, { job, source, folder: place, signal: stop.signal, onProgress });
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe("the profile's own command", () => {
  const script = async (...lines: string[]) => {
    const path = join(await mkdtemp(join(folder, 'command-')), 'restore.sh');
    await writeFile(path, ['#!/bin/sh', ...lines].join('\n'), { mode: 0o755 });
    return path;
  };

  it('takes the place of the chain, under the same checks', async () => {
    const source = await fixtures.hardTelecine(folder, 96);
    const undo = `-vf fieldmatch=order=tff,decimate -f yuv4mpegpipe -pix_fmt yuv420p`;
    const path = await script(`exec '${tools.ffmpeg}' -nostdin -v error -i "$1" -map 0:v ${undo} -`);
    const { picture, seen } = await restored(source, verdict('interlaced'), { command: [path, '{source}'] });
    expect(seen).toEqual(count(96));
    expect(picture.steps).toEqual([[96, 5005]]);
  });

  it.each([
    ['fails', ['echo "no such plugin" >&2', 'exit 3'], /no such plugin/],
    ['writes something else', ['echo hello'], /./],
  ])('is told apart when it %s', async (_case, lines, evidence) => {
    const source = await fixtures.progressive(folder, 24, 'short.mkv');
    const failing = restored(source, verdict('progressive'), { command: [await script(...lines)] });
    await expect(failing).rejects.toMatchObject({
      kind: 'unsupported',
      evidence: expect.stringMatching(evidence) as string,
    });
  });
});
