import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/domain/job.js';
import { ticksOf } from '../../src/domain/media.js';
import { clockShift } from '../../src/media/clock.js';
import { joinAndMux } from '../../src/media/join.js';
import { probe } from '../../src/media/probe.js';
import { verifyResult } from '../../src/media/verify.js';
import { ffmpeg, fixture, renderEpisode, TARGET } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

let folder: string;
let rendered: { manifest: Manifest; segments: string[] };
const at = (name: string): string => join(folder, name);
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=2'];
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2:sample_rate=48000'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-containers-'));
  rendered = await renderEpisode(folder, { counts: [25, 25], steps: [[50, 4800]] });
  await writeFile(at('words.srt'), '1\n00:00:00,500 --> 00:00:01,200\nGood morning\n\n');
});
afterAll(() => rm(folder, { recursive: true }));

const mpeg2 = ['-c:v', 'mpeg2video', '-b:v', '200k'];
const sources: Record<string, readonly string[]> = {
  // A transport stream's clock starts at 1.4 s, and its AAC carries headers that Matroska strips.
  'broadcast.ts': [...picture, ...tone, ...mpeg2, '-c:a', 'aac'],
  'stereo.vob': [...picture, ...tone, ...mpeg2, '-c:a', 'ac3', '-f', 'vob'],
  // AAC in MP4 starts before 0, and Matroska does not know MP4's subtitles.
  'primed.mp4': [...picture, ...tone, '-i', 'WORDS', ...mpeg2, '-c:a', 'aac', '-c:s', 'mov_text'],
  'plain.avi': [...picture, ...tone, '-c:v', 'mpeg4', '-c:a', 'mp3'],
  'opus.mkv': [...picture, ...tone, '-i', 'WORDS', ...mpeg2, '-c:a', 'libopus', '-c:s', 'subrip'],
};

describe('muxing from', () => {
  it.each(Object.keys(sources))('%s keeps every stream and its time', async (name) => {
    const source = at(name);
    await ffmpeg(...(sources[name] ?? []).map((word) => (word === 'WORDS' ? at('words.srt') : word)), source);
    await expectFaithful(source);
  });

  it('a Matroska file with a cover keeps the cover', async () => {
    const source = at('cover.mkv');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=32x32', '-frames:v', '1', at('cover.png'));
    const cover = [
      '-attach',
      at('cover.png'),
      '-metadata:s:t:1',
      'mimetype=image/png',
      '-metadata:s:t:1',
      'filename=cover.png',
    ];
    await ffmpeg('-i', fixture('dvd-episode.mkv'), ...cover, '-map', '0', '-c', 'copy', source);
    const result = await expectFaithful(source);
    expect(result.streams.map(({ codec }) => codec)).toContain('png');
  });
});

/** Joins the rendered segments with the source and verifies the result. */
async function expectFaithful(source: string) {
  const info = await probe(tools, source);
  const startTicks = ticksOf(Math.max(...info.streams.map(({ startSeconds }) => startSeconds ?? 0), 0));
  const manifest = { ...rendered.manifest, startTicks };
  const output = `${source}.result.mkv`;
  await joinAndMux(tools, { info, manifest, segments: rendered.segments, source, output });
  const result = await verifyResult(tools, { job: { info, target: TARGET }, manifest, source, result: output });
  const starts = result.streams.flatMap(({ startSeconds, kind }) => (kind === 'audio' ? [startSeconds ?? NaN] : []));
  const owed = info.streams.flatMap(({ startSeconds, kind }) => (kind === 'audio' ? [startSeconds ?? NaN] : []));
  const shift = clockShift(info, manifest) / 120_000;
  expect(starts.map((start, i) => Math.abs(start - (owed[i] ?? NaN) - shift) <= 0.001)).toEqual(owed.map(() => true));
  return result;
}
