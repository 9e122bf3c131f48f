/** Stills of real files whose frames carry their numbers: both sides of a slider show the same one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { probe } from '../../src/media/probe.js';
import { keyFramesBefore } from '../../src/report/key-frames.js';
import type { Picture } from '../../src/report/pair.js';
import { resultTaken, sourceTaken } from '../../src/report/shown.js';
import { survey, takeStills } from '../../src/report/stills.js';
import * as fixtures from '../fixtures/media.js';
import { temporaryFolder } from '../helpers/folder.js';
import { tools } from '../helpers/tools.js';

const { signal } = new AbortController();
const target = { width: fixtures.WIDTH, height: fixtures.HEIGHT };
const LEAD = 0.07;

/** What a result is: every frame of the same numbers at a rate of its own, with its clock moved by so many seconds. */
async function resultOf(folder: string, frames: number, rate: string, late = 0): Promise<string> {
  const path = join(folder, 'result.mkv');
  const clock = ['-output_ts_offset', String(late)];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-pix_fmt', 'yuv420p'];
  const tags = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];
  await fixtures.ffmpeg(...(await fixtures.codedInput(folder, frames, rate)), ...encoder, ...tags, ...clock, path);
  return path;
}

async function numbersOf(folder: string, ...pictures: readonly Picture[]): Promise<number[]> {
  const files = await Promise.all(
    pictures.map(async ({ url }, i) => {
      const file = join(folder, `still-${i}.jpg`);
      await writeFile(file, Buffer.from(url.replace('data:image/jpeg;base64,', ''), 'base64'));
      return file;
    }),
  );
  const seen = await fixtures.framesIn(folder, ...files);
  expect(seen.filter(({ combed }) => combed)).toEqual([]);
  return seen.map(({ number }) => number);
}

const sources = {
  'film frame for frame': {
    make: (folder: string) => fixtures.progressive(folder, 48),
    frames: 48,
    rate: '24000/1001',
  },
  'telecined film': { make: (folder: string) => fixtures.hardTelecine(folder, 48), frames: 48, rate: '24000/1001' },
  'film repeated by flags': {
    make: (folder: string) => fixtures.softTelecine(folder, 48),
    frames: 48,
    rate: '24000/1001',
  },
  video: { make: (folder: string) => fixtures.interlaced(folder, 120), frames: 120, rate: '60000/1001' },
} as const;

it.each(Object.entries(sources))('show one frame before and after: %s', async (_, { make, frames, rate }) => {
  const folder = await temporaryFolder();
  const source = await make(folder);
  const info = await probe(tools, source);
  const result = await resultOf(folder, frames, rate);
  for (const seconds of [0.3, 0.55, 0.81, 1.07, 1.4]) {
    const task = { info, target, among: 4, most: 1280, signal };
    const taken = { source: sourceTaken(source, info, seconds - LEAD), result: resultTaken(result, seconds) };
    const stills = await takeStills(tools, { ...task, ...taken });
    const [before, after] = await numbersOf(folder, stills.before, stills.after);
    expect(before, `at ${seconds} s`).toBe(after);
    expect(stills.correlation).toBeGreaterThan(0.99);
  }
});

it('count on the clock that the files carry, wherever it starts', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'broadcast.ts');
  await fixtures.ffmpeg(
    '-i',
    await fixtures.progressive(folder, 48),
    '-c',
    'copy',
    '-muxdelay',
    '0',
    '-output_ts_offset',
    '100',
    source,
  );
  const info = await probe(tools, source);
  const result = await resultOf(folder, 48, '24000/1001', 40);
  const stills = await takeStills(tools, {
    ...{ info, target, among: 4, most: 1280, signal },
    ...{ source: sourceTaken(source, info, 101 - LEAD), result: resultTaken(result, 41) },
  });
  const [before, after] = await numbersOf(folder, stills.before, stills.after);
  expect([before, after]).toEqual([24, 24]);
});

it('are no wider than asked for, and keep the shape of the result', async () => {
  const folder = await temporaryFolder();
  const source = await fixtures.progressive(folder, 24);
  const info = await probe(tools, source);
  const result = await resultOf(folder, 24, '24000/1001');
  const { before, after } = await takeStills(tools, {
    ...{ info, target, among: 4, most: 160, signal },
    ...{ source: sourceTaken(source, info, 0.4), result: resultTaken(result, 0.4) },
  });
  expect([before.width, before.height, after.width, after.height]).toEqual([160, 120, 160, 120]);
});

it('say which file has no picture there', async () => {
  const folder = await temporaryFolder();
  const source = await fixtures.progressive(folder, 24);
  const info = await probe(tools, source);
  const late = takeStills(tools, {
    ...{ info, target, among: 4, most: 160, signal },
    ...{ source: sourceTaken(source, info, 0.4), result: resultTaken(source, 60) },
  });
  await expect(late).rejects.toMatchObject({ kind: 'bad-source' });
});

it('are looked for where a survey finds pictures, at key frames of the result', async () => {
  const folder = await temporaryFolder();
  const source = await fixtures.progressive(folder, 48);
  const info = await probe(tools, source);
  const places = await survey(tools, [0.5, 1, 60], (seconds) => sourceTaken(source, info, seconds), signal);
  expect(places.map(({ seconds }) => seconds)).toEqual([0.5, 1]);
  expect(places.every(({ motion, detail }) => motion > 0 && detail > 0)).toBe(true);
  // A group of 15 frames: key frames at 0, 0.626 and 1.251 s.
  const keys = await keyFramesBefore(tools, source, [0.3, 0.7, 0.9, 1.3], signal);
  expect(keys.map((seconds) => seconds.toFixed(2))).toEqual(['0.00', '0.63', '1.25']);
});
