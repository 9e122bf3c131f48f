import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timesOf } from '../../src/domain/frames.js';
import type { Manifest } from '../../src/domain/job.js';
import { joinAndMux } from '../../src/media/join.js';
import { probe } from '../../src/media/probe.js';
import { verifyResult } from '../../src/media/verify.js';
import { ffmpeg, fixture, renderEpisode, TARGET, type Episode } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-join-'));
});
afterAll(() => rm(folder, { recursive: true }));

const FILM = 5005;

/** Time stamps of a file's picture in milliseconds, as its container has them, in the order of showing. */
function stamps(file: string): number[] {
  const argv = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts', '-of', 'csv=p=0', file];
  const lines = execFileSync(tools.ffprobe, argv, { encoding: 'utf8' }).trim().split('\n');
  return lines.map(Number.parseFloat).sort((a, b) => a - b);
}

const furthest = (file: string, manifest: Manifest): number => {
  const wanted = timesOf(manifest.steps).map((ticks) => (manifest.startTicks + ticks) / 120);
  return Math.max(...stamps(file).map((time, i) => Math.abs(time - (wanted[i] ?? Number.NaN))));
};

/** The fixture with its audio and subtitles moved against the picture. */
async function source(name: string, audioOffset: number): Promise<string> {
  const file = join(folder, name);
  const input = fixture('dvd-episode.mkv');
  const picture = ['-itsoffset', `${Math.max(0, -audioOffset)}`, '-i', input];
  const rest = ['-itsoffset', `${Math.max(0, audioOffset)}`, '-i', input];
  await ffmpeg(
    ...picture,
    ...rest,
    '-map',
    '0:v',
    '-map',
    '1:a',
    '-map',
    '1:s',
    '-map',
    '1:t',
    '-c',
    'copy',
    '-copyts',
    file,
  );
  return file;
}

async function assemble(name: string, episode: Episode, from: string) {
  const { manifest, segments } = await renderEpisode(folder, episode);
  const output = join(folder, name);
  const info = await probe(tools, from);
  const seen: number[] = [];
  await joinAndMux(tools, { info, manifest, segments, source: from, output }, (frames) => seen.push(frames));
  return { manifest, output, info, seen };
}

describe('joining', () => {
  it('keeps every time stamp of 46 segments within a millisecond', async () => {
    const counts = Array.from({ length: 46 }, (_, i) => 3 + (i % 5));
    const frames = counts.reduce((a, b) => a + b);
    const from = fixture('dvd-episode.mkv');
    const { manifest, output, seen } = await assemble('long.mkv', { counts, steps: [[frames, FILM]] }, from);
    expect(stamps(output)).toHaveLength(frames);
    expect(furthest(output, manifest)).toBeLessThanOrEqual(0.5001);
    expect(seen.at(-1)).toBe(frames);
  });

  it('gives frames of uneven length their own times', async () => {
    const steps: Manifest['steps'] = [
      [7, 5005],
      [4, 4004],
      [1, 12_000],
      [9, 4004],
      [3, 5005],
    ];
    const { manifest, output } = await assemble('uneven.mkv', { counts: [10, 14], steps }, fixture('dvd-episode.mkv'));
    expect(stamps(output)).toHaveLength(24);
    expect(furthest(output, manifest)).toBeLessThanOrEqual(0.5001);
  });

  it('gives a thousand frames of a thousand lengths their own times', async () => {
    const steps = Array.from({ length: 1000 }, (_, i) => [1, 4500 + ((i * 37) % 1000)] as const);
    const { manifest, output } = await assemble(
      'restless.mkv',
      { counts: [500, 500], steps },
      fixture('dvd-episode.mkv'),
    );
    expect(stamps(output)).toHaveLength(1000);
    expect(furthest(output, manifest)).toBeLessThanOrEqual(0.5001);
  });

  it('tags the colours of the stream and of the container', async () => {
    const { output } = await assemble('colours.mkv', { counts: [4], steps: [[4, FILM]] }, fixture('dvd-episode.mkv'));
    const entries = 'stream=color_primaries,color_transfer,color_space';
    const argv = ['-v', 'error', '-select_streams', 'v', '-show_entries', entries, '-of', 'csv=p=0', output];
    expect(execFileSync(tools.ffprobe, argv, { encoding: 'utf8' }).trim()).toBe('bt709,bt709,bt709');
    const header = (await readFile(output)).subarray(0, 4096).toString('hex');
    // Matroska's Colour element: matrix, transfer and primaries are 1, BT.709.
    for (const element of ['55b18101', '55ba8101', '55bb8101']) expect(header).toContain(element);
  });

  it('fails when a segment is missing, and leaves no helper file behind', async () => {
    const from = fixture('dvd-episode.mkv');
    const { manifest, segments } = await renderEpisode(folder, { counts: [4, 4], steps: [[8, FILM]] });
    const task = { info: await probe(tools, from), manifest, source: from, output: join(folder, 'never.mkv') };
    const incomplete = { ...task, segments: [segments[0] ?? '', join(folder, 'nowhere.mkv')] };
    await expect(joinAndMux(tools, incomplete)).rejects.toMatchObject({ kind: 'verify-failed' });
    expect((await readdir(folder)).filter((name) => /\.(segments|times)$/.test(name))).toEqual([]);
  });

  it.each([
    ['late picture', -0.2, 24_000],
    ['late audio', 0.08, 0],
  ])('keeps the offset of a %s', async (name, audioOffset, startTicks) => {
    const from = await source(`${name}-source.mkv`, audioOffset);
    const episode = { counts: [24, 24], steps: [[48, FILM]] as const, startTicks };
    const { manifest, output, info } = await assemble(`${name}.mkv`, episode, from);
    expect(furthest(output, manifest)).toBeLessThanOrEqual(0.5001);
    const result = await verifyResult(tools, { job: { info, target: TARGET }, manifest, source: from, result: output });
    const audio = result.streams.find(({ kind }) => kind === 'audio');
    expect(audio?.startSeconds).toBeCloseTo(Math.max(0, audioOffset), 6);
  });
});
