import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/domain/job.js';
import { joinAndMux } from '../../src/media/join.js';
import { firstFrameTicks } from '../../src/media/first-frame.js';
import { probe } from '../../src/media/probe.js';
import { verifyResult } from '../../src/media/verify.js';
import { captioned, type Captioned } from '../fixtures/captions.js';
import { testJob, verdict } from '../fixtures/job.js';
import { progressive } from '../fixtures/media.js';
import { ffmpeg, renderEpisode, TARGET } from '../helpers/rendered.js';
import { tools } from '../helpers/tools.js';

/** Frames of film; they are shown in 250 frames of 30000/1001 a second. */
const FRAMES = 200;
const captions = [
  { text: "Hello: it's [on]", from: 60, to: 100 },
  { text: 'At once', from: 130, to: 155 },
  { text: 'after the other', from: 155, to: 190 },
];
const texts = ['Hello: it’s [on]', 'At once', 'after the other'];
/** Nothing that is quoted anywhere survives this name. */
const HOSTILE = String.raw`It's [a] "b";c:\d,100% $e`;

let folder: string;
let segments: readonly string[];
let rendered: Manifest;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-captions-'));
  ({ manifest: rendered, segments } = await renderEpisode(folder, { counts: [120, 80], steps: [[FRAMES, 5005]] }));
});
afterAll(() => rm(folder, { recursive: true }));

async function muxedFrom(source: string, name: string) {
  const info = await probe(tools, source);
  const job = { ...testJob(info, verdict('progressive')), target: TARGET };
  const manifest = { ...rendered, startTicks: await firstFrameTicks(tools, { job, source }, 'source') };
  const result = at(name);
  await joinAndMux(tools, { info, manifest, segments, source, output: result });
  const verify = (file = result) => verifyResult(tools, { job, manifest, source, result: file });
  return { info, result, verify };
}

interface Cue {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What a player would show of a file's last subtitles. */
function cuesOf(file: string): Cue[] {
  const argv = ['-v', 'error', '-copyts', '-i', file, '-map', '0:s', '-f', 'srt', '-'];
  const blocks = execFileSync(tools.ffmpeg, argv, { encoding: 'utf8' }).trim().split(/\n\n/);
  return blocks.map((block) => {
    const [, times = '', ...text] = block.split('\n');
    const [from = Number.NaN, to = Number.NaN] = times.split(' --> ').map((time) => {
      const [hours, minutes, seconds] = time.replace(',', '.').split(':').map(Number);
      return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? Number.NaN);
    });
    return { text: text.join('\n'), from, to };
  });
}

const FRAME = 1001 / 30_000;
/** A disc has the captions of a group of pictures in the group's header: they are as early as the group began, 15 frames of film. */
const GROUP = (15 * 1001) / 24_000;

const cases: readonly (Omit<Captioned, 'captions'> & { readonly name: string; readonly early: number })[] = [
  { telecine: 'soft', form: 'ga94', name: `${HOSTILE}.mkv`, early: 2 * FRAME },
  { telecine: 'hard', form: 'ga94', name: 'hard.vob', early: FRAME },
  { telecine: 'soft', form: 'dvd', name: 'disc.vob', early: GROUP },
  { telecine: 'hard', form: 'dvd', name: 'disc.mkv', early: GROUP },
];

describe('closed captions', () => {
  it.each(cases)('of $telecine telecine, as $form, in $name reach the result on time', async (made) => {
    const source = await captioned(folder, FRAMES, { ...made, captions }, made.name);
    const { info, result, verify } = await muxedFrom(source, 'result.mkv');
    expect(info.picture.captions).toBe(true);
    const verified = await verify();
    expect(verified.streams).toMatchObject([
      { kind: 'subtitle', codec: 'subrip', title: 'Closed captions', dispositions: ['hearing_impaired'] },
    ]);
    const cues = cuesOf(result);
    expect(cues.map(({ text }) => text)).toEqual(texts);
    for (const [i, { from, to }] of captions.entries()) {
      for (const [seen, frame] of [
        [cues[i]?.from, from],
        [cues[i]?.to, to],
      ] as const) {
        const late = (seen ?? Number.NaN) - frame * FRAME;
        expect(late, `${i}`).toBeLessThanOrEqual(0.002);
        expect(late, `${i}`).toBeGreaterThanOrEqual(-made.early - 0.002);
      }
    }
    expect((await readdir(folder)).filter((name) => name.includes('result.mkv.'))).toEqual([]);
  });

  it('that get lost, or late, or are others, are named', async () => {
    const source = await captioned(folder, FRAMES, { telecine: 'hard', form: 'ga94', captions }, 'named.mkv');
    const { result, verify } = await muxedFrom(source, 'good.mkv');
    const bad = at('bad.mkv');
    await ffmpeg('-i', result, '-map', '0:v', '-c', 'copy', bad);
    await expect(verify(bad)).rejects.toMatchObject({
      kind: 'verify-failed',
      message: expect.stringContaining('closed captions: the source has them') as unknown,
    });
    const labels = ['-metadata:s:1', 'title=Closed captions', '-disposition:s:0', 'hearing_impaired', '-c', 'copy'];
    const both = ['-copyts', '-i', result, '-itsoffset', '0.08', '-i', result, '-map', '0:v', '-map', '1:s'];
    await ffmpeg(...both, ...labels, bad);
    await expect(verify(bad)).rejects.toThrow('closed captions: cue 0 comes 80.0 ms late');
    const filter = ['-bsf:s', 'noise=drop=eq(n\\,1)'];
    await ffmpeg('-copyts', '-i', result, '-map', '0', ...labels, ...filter, bad);
    await expect(verify(bad)).rejects.toThrow('closed captions: 2 cues, the source has 3');
  });

  it('that never say anything become no track', async () => {
    const source = await captioned(folder, FRAMES, { telecine: 'soft', form: 'ga94', captions: [] }, 'silent.mkv');
    const { info, verify } = await muxedFrom(source, 'silent-result.mkv');
    expect(info.picture.captions).toBe(true);
    expect((await verify()).streams).toEqual([]);
  });

  it('are not seen where there are none', async () => {
    const { info, verify } = await muxedFrom(await progressive(folder, FRAMES), 'plain-result.mkv');
    expect(info.picture).not.toHaveProperty('captions');
    expect((await verify()).streams).toEqual([]);
  });
});
