import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownInput } from '../../src/media/ffmpeg.js';
import { frameHashes as hashes, type FrameHash } from '../../src/media/frame-hashes.js';
import { probe } from '../../src/media/probe.js';
import { paintArgv } from '../../src/media/subtitle-pictures.js';
import { copyOfDvds, dvds } from '../helpers/discs.js';
import { frameHashes } from '../helpers/frame-hashes.js';
import { tools } from '../helpers/tools.js';
import { until } from '../helpers/until.js';
import { openHome, type Home } from './home.js';
import { resultsIn, writeProfile } from './season.js';

let root: string;
let home: Home;
let profile: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taaf-discs-'));
  home = await openHome();
  profile = await writeProfile(root);
});
afterAll(async () => {
  await home.close();
  await rm(root, { recursive: true, force: true });
});

/** Two sounds and the two subtitles that are shown; the third one is promised only. */
const SOUNDS = [1, 2];
const SUBTITLES = [3, 4];

async function packets(input: readonly string[]): Promise<string[][]> {
  const maps = SOUNDS.flatMap((index) => ['-map', `0:${index}`]);
  const found = await hashes(tools, [...input, ...maps, '-c', 'copy'], { file: 'a title', hash: 'murmur3' });
  return found.map((stream) => stream.map(({ hash }) => hash));
}

async function pictures(input: readonly string[], result: string): Promise<string[][]> {
  const { streams } = await probe(tools, result);
  const shown = streams.filter(({ index }) => SUBTITLES.includes(index));
  const painted = await hashes(tools, paintArgv(input, shown), { file: result, hash: 'sha256' });
  return painted.map((stream: readonly FrameHash[]) => [...new Set(stream.map(({ hash }) => hash))]);
}

async function expectNothingLeft(): Promise<void> {
  await until(() => home.pids('agent.js').length === 0);
  expect(home.pids('ffmpeg')).toEqual([]);
  expect(await readdir(join(home.folder, 'data', 'work'))).toEqual([]);
  expect(await readdir(home.failpoints)).toEqual([]);
}

describe('a season of two discs', () => {
  it('becomes episodes with all that the discs have beside the picture', async () => {
    const [folder, out] = [await copyOfDvds(), join(root, 'out')];
    const id = await home.submit(folder, '--profile', profile, '--out', out, '--episodes', '1,4');
    const { state, episodes } = await home.settled(id);
    expect(episodes.map(({ failure, phase }) => failure ?? phase)).toEqual(['done', 'done']);
    expect(state).toBe('done');
    const titles = [
      { name: 'disc1 t02.mkv', disc: ['-f', 'dvdvideo', '-title', '2', '-i', join(dvds, 'disc1')] },
      { name: 'disc2 t03.mkv', disc: ['-f', 'dvdvideo', '-title', '3', '-i', join(dvds, 'disc2.iso')] },
    ];
    expect(await resultsIn(out)).toEqual(titles.map(({ name }) => name));
    for (const { name, disc } of titles) {
      const result = join(out, name);
      const { streams, chapters } = await probe(tools, result);
      expect(streams.map(({ language }) => language)).toEqual(['eng', 'ger', 'eng', 'ger', 'fre']);
      expect(chapters).toHaveLength(2);
      expect(await frameHashes(result)).toHaveLength(90);
      expect(await packets(ownInput(result))).toEqual(await packets(disc));
      const shown = await pictures(ownInput(result), result);
      expect(shown).toEqual(await pictures(['-canvas_size', '720x480', ...disc], result));
      expect(shown.map(({ length }) => length)).toEqual([3, 2]);
    }
    await expectNothingLeft();
  });

  it('waits for the disc that was submitted when the worker is killed and another disc lies in its place', async () => {
    const folder = await copyOfDvds();
    const args = ['--profile', profile, '--out', join(root, 'changed'), '--episodes', '1'];
    await home.arm('copy', 'SIGSTOP');
    const id = await home.begin(folder, ...args);
    const doer = await home.asleep();
    const vob = join(folder, 'disc1', 'VIDEO_TS', 'VTS_01_1.VOB');
    const { atime, mtime } = await stat(vob);
    await utimes(vob, atime, new Date(0));
    home.kill(doer);
    const [failed] = (await home.settled(id)).episodes;
    expect(failed?.failure).toMatchObject({
      kind: 'bad-source',
      what: 'The source disc1 t02 has changed since it was submitted',
      evidence: expect.stringContaining('disc1/VIDEO_TS/VTS_01_1.VOB') as string,
    });
    await utimes(vob, atime, mtime);
    expect(await home.taaf('retry', `${id}/disc1 t02`)).toMatchObject({ code: 0 });
    await until(async () => (await home.settled(id)).state === 'done');
    expect(await resultsIn(join(root, 'changed'))).toEqual(['disc1 t02.mkv']);
    await expectNothingLeft();
  });
});
