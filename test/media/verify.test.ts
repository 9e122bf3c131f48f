import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeVobSub } from '../../scripts/vobsub.mjs';
import { Failure } from '../../src/domain/failures.js';
import type { Manifest } from '../../src/domain/job.js';
import { joinAndMux } from '../../src/media/join.js';
import { probe } from '../../src/media/probe.js';
import { verifyResult } from '../../src/media/verify.js';
import { ffmpeg, fixture, renderEpisode, renderSegment, TARGET } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

const source = fixture('dvd-episode.mkv');
let folder: string;
let manifest: Manifest;
let segments: string[];
let good: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-verify-'));
  ({ manifest, segments } = await renderEpisode(folder, { counts: [24, 24], steps: [[48, 5005]] }));
  good = at('good.mkv');
  await joinAndMux(tools, { info: await probe(tools, source), manifest, segments, source, output: good });
});
afterAll(() => rm(folder, { recursive: true }));

interface Claim {
  readonly from?: string;
  readonly promised?: Manifest;
  readonly target?: typeof TARGET;
}

/** What the verification says against a result; nothing when it lets it pass. */
async function verdict(result: string, claim: Claim = {}): Promise<string | undefined> {
  const { from = source, promised = manifest, target = TARGET } = claim;
  const job = { info: await probe(tools, from), target };
  try {
    await verifyResult(tools, { job, manifest: promised, source: from, result });
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.kind).toBe('verify-failed');
    return error.evidence;
  }
}

// Said first: on its own ffmpeg gives a default to every kind of stream that has none.
const kept = ['-disposition:s:0', 'forced', '-disposition:s:1', '0', '-c', 'copy', '-avoid_negative_ts', 'disabled'];

/** The good result, copied by ffmpeg; `change` names more inputs, maps and options. */
async function tampered(...change: readonly string[]): Promise<string> {
  const file = at('tampered.mkv');
  const defaults = change.includes('-disposition:s:0') ? kept.slice(2) : kept;
  await ffmpeg('-copyts', '-i', good, ...change, ...defaults, file);
  return file;
}

const without = (...streams: string[]): string[] => ['-map', '0', ...streams.flatMap((name) => ['-map', `-0:${name}`])];
const swapped = ['0:v', '0:a:1', '0:a:0', '0:s', '0:t'].flatMap((name) => ['-map', name]);
const otherAudio = ['-map', '0:v', '-map', '1:a', '-map', '0:s', '-map', '0:t'];

describe('verifying', () => {
  it('lets a good result pass, and says what it is', async () => {
    const job = { info: await probe(tools, source), target: TARGET };
    const result = await verifyResult(tools, { job, manifest, source, result: good });
    expect(result.picture).toMatchObject({ codec: 'hevc', ...TARGET });
    expect(result.chapters.map(({ title }) => title)).toEqual(['Teaser', 'Über den Wolken']);
    expect(result.title).toBe('The “Pilot”');
  });

  it('lets a plain copy of a good result pass: what follows is no accident', async () => {
    expect(await verdict(await tampered('-map', '0'))).toBeUndefined();
  });

  it('names a missing frame', async () => {
    const short = at('short.mkv');
    await renderSegment(short, 23, { num: 24000, den: 1001 });
    const output = at('missing-frame.mkv');
    const info = await probe(tools, source);
    await joinAndMux(tools, { info, manifest, segments: [segments[0] ?? '', short], source, output });
    expect(await verdict(output)).toContain('47 frames, not 48');
  });

  it('names the frame from which the picture has the wrong time', async () => {
    const steps = [
      [30, 5005],
      [18, 5305],
    ] as const;
    expect(await verdict(good, { promised: { ...manifest, steps } })).toBe('picture: frame 31 comes -2.5 ms late');
  });

  it('names a result of another size', async () => {
    const target = { width: 128, height: 96 };
    expect(await verdict(good, { target })).toBe('picture: 64x48, not 128x96');
  });

  it.each([
    ['a subtitle that is gone', without('s:0'), '2 subtitle streams in the source, 1 in the result'],
    ['an audio stream that is gone', without('a:1'), '2 audio streams in the source, 1 in the result'],
    ['an attachment that is gone', without('t'), '1 attachment streams in the source, 0 in the result'],
    ['chapters that are gone', ['-map', '0', '-map_chapters', '-1'], '2 chapters in the source, 0 in the result'],
    ['another language', ['-map', '0', '-metadata:s:a:1', 'language=fra'], 'audio 2: language is "fra"'],
    ['the picture’s language', ['-map', '0', '-metadata:s:v:0', 'language=fra'], 'picture: language is "fra"'],
    ['another name', ['-map', '0', '-metadata:s:s:1', 'title='], 'subtitle 2: title is ""'],
    ['another title', ['-map', '0', '-metadata', 'title=Pilot'], 'file: title is "Pilot"'],
    ['another default', ['-map', '0', '-disposition:a:1', 'default'], 'audio 2: dispositions is "default"'],
    ['a subtitle no longer forced', ['-map', '0', '-disposition:s:0', '0'], 'subtitle 1: dispositions is ""'],
    ['streams in another order', swapped, 'audio 1: language is "ger"'],
  ])('names %s', async (_, change, breach) => {
    expect(await verdict(await tampered(...change))).toContain(breach);
  });

  it('names audio that comes 80 ms late', async () => {
    const file = await tampered('-itsoffset', '0.08', '-i', good, ...otherAudio);
    expect(await verdict(file)).toContain('audio (stream 1 of the source): packet 0 comes 80.0 ms late');
  });

  it('names audio whose end is gone', async () => {
    const file = await tampered('-t', '1', '-i', good, ...otherAudio);
    expect(await verdict(file)).toMatch(/audio \(stream 1 of the source\): 3\d packets, the source has 63/);
  });

  it('names audio that is not the source’s', async () => {
    const file = await tampered('-map', '0', '-bsf:a:1', 'noise=amount=40');
    expect(await verdict(file)).toMatch(/^audio \(stream 2 of the source\): packet \d+ is not the source's$/);
  });

  it('names an attached file with another content', async () => {
    const notes = at('notes.txt');
    await writeFile(notes, 'Something else entirely, of no use.\n');
    const tags = ['mimetype=text/plain', 'filename=notes.txt'].flatMap((tag) => ['-metadata:s:t:0', tag]);
    const file = await tampered(...without('t'), '-attach', notes, ...tags);
    expect(await verdict(file)).toBe("attachment 1: its content is not the source's");
  });
});

describe('verifying bitmap subtitles', () => {
  const canvas = { width: 720, height: 480, language: 'en' };
  const shape = { x: 10, y: 400, width: 40, height: 8, startMs: 200, endMs: 500 };

  /** A file's picture and sound, with a VobSub of one block: colour 1 is seen, colour 0 is not. */
  async function withSubtitle(name: string, over: string, pixel: 0 | 1, colour = 'ffffff'): Promise<string> {
    const pixels = new Uint8Array(shape.width * shape.height).fill(pixel);
    writeVobSub(at(name), { ...canvas, palette: ['000000', colour], cues: [{ ...shape, pixels }] });
    const file = at(`${name}.mkv`);
    const subtitle = ['-i', at(`${name}.idx`), '-map', '0:v', '-map', '0:a', '-map', '1:s'];
    await ffmpeg('-copyts', '-i', over, ...subtitle, '-c', 'copy', '-avoid_negative_ts', 'disabled', file);
    return file;
  }

  it('sees another palette, though every packet is the same', async () => {
    const from = await withSubtitle('white', source, 1);
    expect(await verdict(await withSubtitle('white-too', good, 1), { from })).toBeUndefined();
    expect(await verdict(await withSubtitle('yellow', good, 1, 'ffff00'), { from })).toBe(
      "subtitle (stream 3 of the source): picture 0 is not the source's",
    );
  });

  it('refuses one on which nothing can be seen, even when the source agrees', async () => {
    const from = await withSubtitle('blank', source, 0);
    const file = await withSubtitle('blank-too', good, 0);
    expect(await verdict(file, { from })).toBe('subtitle (stream 3 of the source): no picture of it can be seen');
  });

  it('names one that was blanked', async () => {
    const from = await withSubtitle('seen', source, 1);
    const file = await withSubtitle('blanked', good, 0);
    expect(await verdict(file, { from })).toContain("subtitle (stream 3 of the source): packet 0 is not the source's");
  });
});
