import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/media/probe.js';
import { ffmpeg, softTelecine } from '../fixtures/media.js';
import { tools } from '../helpers/tools.js';

const EPISODE = fileURLToPath(new URL('../fixtures/dvd-episode.mkv', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taaf-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const place = (name: string) => join(folder, name);
const picture = (size: string, rate: string, seconds = 1) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
];
const TONE = ['-f', 'lavfi', '-i', 'sine=duration=1'];

describe('probing a source', () => {
  it('reads all that an episode made by mkvmerge holds', async () => {
    const info = await probe(tools, EPISODE);
    expect(info).toMatchObject({ container: 'matroska,webm', pictureStream: 0 });
    expect(info.bytes).toBe((await readFile(EPISODE)).length);
    expect(info.picture).toEqual({
      codec: 'mpeg2video',
      width: 64,
      height: 48,
      sar: { num: 1, den: 1 },
      pixelFormat: 'yuv420p',
      frameRate: { num: 24000, den: 1001 },
      colour: { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' },
      durationSeconds: 2.002,
      labels: { language: 'eng', title: 'Picture', dispositions: ['default'] },
    });
    expect(info.streams.slice(1, 3)).toEqual([
      {
        index: 2,
        kind: 'audio',
        codec: 'ac3',
        startSeconds: 0,
        language: 'ger',
        title: 'Synchronfassung',
        channels: 1,
        sampleRate: 48_000,
        dispositions: [],
      },
      {
        index: 3,
        kind: 'subtitle',
        codec: 'dvd_subtitle',
        startSeconds: 0.2,
        language: 'eng',
        title: 'Signs',
        dispositions: ['forced'],
        canvas: { width: 720, height: 480 },
      },
    ]);
    const attachment = info.streams.find(({ kind }) => kind === 'attachment');
    expect(attachment).toMatchObject({ filename: 'notes.txt', mimetype: 'text/plain' });
    expect(attachment).not.toHaveProperty('startSeconds');
    expect(info.chapters[0]).toMatchObject({ startSeconds: 0, title: expect.any(String) as string });
  });

  it.each([
    ['NTSC', '720x480', '30000/1001', 'smpte170m', 'smpte170m', 'smpte170m'],
    ['PAL', '720x576', '25', 'bt470bg', 'smpte170m', 'bt470bg'],
    ['high definition', '1280x720', '25', 'bt709', 'bt709', 'bt709'],
  ])('gives %s the colour of its standard where the file says nothing', async (_name, size, rate, ...colour) => {
    const path = place(`untagged-${size}.mkv`);
    await ffmpeg(...picture(size, rate), '-frames:v', '2', '-c:v', 'mpeg2video', path);
    const { primaries, transfer, matrix, range } = (await probe(tools, path)).picture.colour;
    expect([primaries, transfer, matrix, range]).toEqual([...colour, 'tv']);
  });

  it('believes the colour that the file states', async () => {
    const path = place('tagged.mp4');
    const tags = 'setparams=color_primaries=bt470bg:color_trc=bt709:colorspace=smpte170m:range=pc';
    await ffmpeg(...picture('320x240', '25'), '-vf', `format=yuv420p,${tags}`, '-c:v', 'libx264', path);
    const expected = { primaries: 'bt470bg', transfer: 'bt709', matrix: 'smpte170m', range: 'pc' };
    expect((await probe(tools, path)).picture.colour).toEqual(expected);
  });

  it('tells the shape of pixels and the flag of fields', async () => {
    const path = place('fields.mkv');
    const fields = ['-vf', 'setfield=tff', '-flags', '+ildct+ilme', '-aspect', '16:9', '-c:v', 'mpeg2video'];
    await ffmpeg(...picture('720x480', '30000/1001'), ...fields, path);
    expect((await probe(tools, path)).picture).toMatchObject({ sar: { num: 32, den: 27 }, interlaced: true });
  });

  it('keeps the clock of a container that starts anywhere', async () => {
    const path = place('late.mkv');
    await ffmpeg(...picture('64x64', '25'), '-itsoffset', '0.2', ...TONE, '-c:a', 'ac3', path);
    expect((await probe(tools, path)).streams).toMatchObject([{ kind: 'audio', startSeconds: 0.2 }]);
    expect((await probe(tools, await softTelecine(folder, 24, 'vob'))).container).toBe('mpeg');
  });

  it.each(['vob', 'mkv'])('sees NTSC behind the average that soft telecine makes a guess (.%s)', async (extension) => {
    const { picture: shown } = await probe(tools, await softTelecine(folder, 96, extension));
    expect(shown.frameRate).toEqual({ num: 30000, den: 1001 });
  });

  it('takes any name', async () => {
    for (const name of ['-i.mkv', 'concat:a|b.mkv', '%d \' "[x]\n.mkv', `${'ü'.repeat(120)}.mkv`]) {
      await copyFile(EPISODE, place(name));
      expect((await probe(tools, place(name))).pictureStream).toBe(0);
    }
  });
});

describe('what is no source', () => {
  const refused = (path: string) => expect(probe(tools, path)).rejects;

  it('is bad when it is missing, empty, a folder or no video', async () => {
    await writeFile(place('empty.mkv'), '');
    await writeFile(place('text.mkv'), 'just a text\n'.repeat(1000));
    for (const path of [place('missing.mkv'), place('empty.mkv'), place('text.mkv'), folder]) {
      await refused(path).toMatchObject({ kind: 'bad-source' });
    }
  });

  it('is bad when it is truncated beyond reading', async () => {
    const whole = place('whole.mp4');
    await ffmpeg(...picture('64x64', '25'), '-c:v', 'libx264', whole);
    await writeFile(place('half.mp4'), (await readFile(whole)).subarray(0, 4000));
    await refused(place('half.mp4')).toMatchObject({ kind: 'bad-source' });
  });

  it('is bad when it is a list of other files, whatever it is called', async () => {
    await copyFile(EPISODE, place('secret.mkv'));
    await writeFile(place('script.mkv'), 'ffconcat version 1.0\nfile secret.mkv\n');
    await writeFile(place('list.mp4'), '#EXTM3U\n#EXTINF:2,\nsecret.mkv\n#EXT-X-ENDLIST\n');
    await refused(place('script.mkv')).toMatchObject({ kind: 'bad-source' });
    await refused(place('list.mp4')).toMatchObject({ kind: 'bad-source' });
  });

  it('is unsupported when only a cover moves in it', async () => {
    await ffmpeg(...TONE, '-c:a', 'aac', place('tone.m4a'));
    await ffmpeg(...picture('64x64', '1'), '-frames:v', '1', place('cover.png'));
    const cover = ['-i', place('tone.m4a'), '-i', place('cover.png'), '-map', '0', '-map', '1', '-c', 'copy'];
    await ffmpeg(...cover, '-disposition:v:0', 'attached_pic', place('song.mp4'));
    await refused(place('song.mp4')).toMatchObject({ kind: 'unsupported', evidence: 'only audio, video' });
    await refused(place('tone.m4a')).toMatchObject({ kind: 'unsupported', evidence: 'only audio' });
  });

  it('is not blamed for a missing ffprobe, nor for our own stop', async () => {
    const without = probe({ ...tools, ffprobe: place('no-such-program') }, EPISODE);
    await expect(without).rejects.toMatchObject({ kind: 'tool-missing' });
    await expect(probe(tools, EPISODE, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('is bad when ffprobe answers nonsense about it', async () => {
    const liar = place('liar.sh');
    for (const answer of ['not json', '{}', '{"format":{"format_name":"$(x)","size":"1"}}']) {
      await writeFile(liar, `#!/bin/sh\nprintf '%s' '${answer}'\n`);
      await chmod(liar, 0o755);
      await expect(probe({ ...tools, ffprobe: liar }, EPISODE)).rejects.toMatchObject({ kind: 'bad-source' });
    }
  });
});
