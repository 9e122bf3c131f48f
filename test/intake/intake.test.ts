import { copyFile, readFile, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SeasonPlan } from '../../src/domain/season.js';
import { inspectorsOf } from '../../src/intake/inspectors.js';
import { makePlan, type PlanDeps, type PlanOptions } from '../../src/intake/intake.js';
import { parseProfile } from '../../src/profiles/parse.js';
import { tools } from '../helpers/tools.js';
import { fill, makeFolder, makeVideo } from './folder.js';

const profile = parseProfile('upscale: {engine: ffmpeg}', 'mine', 'mine.yaml');
const other = parseProfile('upscale: {engine: ffmpeg}\nsize: {scale: 2}', 'other', 'other.yaml');
const deps: PlanDeps = {
  inspectors: inspectorsOf(tools),
  install: 'install-1',
  versions: { ffmpeg: '9' },
  loadProfile: (name) => (name === 'other' ? Promise.resolve(other) : Promise.reject(new Error(name))),
};

const plan = (path: string, options: Partial<PlanOptions> = {}, more: Partial<PlanDeps> = {}): Promise<SeasonPlan> =>
  makePlan({ path, profile, fleet: 'local', ...options }, { ...deps, ...more });

const reasons = ({ skipped }: SeasonPlan): Record<string, string> =>
  Object.fromEntries(skipped.map(({ path, reason }) => [path, reason]));

const paths = ({ episodes }: SeasonPlan): string[] => episodes.map(({ path }) => path);

/** Videos with content of their own, made once: tests copy them. */
const videos: string[] = [];
beforeAll(async () => {
  const folder = await makeFolder();
  for (const seed of [1, 2, 3]) {
    videos.push(join(folder, `${seed}.mkv`));
    await makeVideo(join(folder, `${seed}.mkv`), seed);
  }
});

async function folderWith(...names: readonly string[]): Promise<string> {
  const folder = await makeFolder();
  for (const [index, name] of names.entries()) await fill(folder, { [name]: await readFile(videos[index] ?? '') });
  return folder;
}

describe('the plan of a folder', () => {
  it('has every episode with its size, frames, output and identity', async () => {
    const folder = await folderWith('ep10.mkv', 'ep2.mkv', 'extra/ep1.mkv');
    const season = await plan(folder);
    expect(season).toMatchObject({ version: 1, folder, out: join(folder, 'upscaled'), fleet: 'local', skipped: [] });
    expect(season.tools).toEqual({ ffmpeg: '9' });
    expect(season.episodes.map(({ number, path, stem, output }) => [number, path, stem, output])).toEqual([
      [1, 'ep2.mkv', 'ep2', 'ep2.mkv'],
      [2, 'ep10.mkv', 'ep10', 'ep10.mkv'],
      [3, 'extra/ep1.mkv', 'ep1', 'extra/ep1.mkv'],
    ]);
    const [episode] = season.episodes;
    expect(episode?.estimatedFrames).toBe(24);
    expect(episode?.target).toEqual({ width: 3240, height: 2160 });
    expect(episode?.profile).toEqual(profile);
    const { size, mtimeMs } = await stat(join(folder, 'ep2.mkv'));
    expect(episode).toMatchObject({ bytes: size, modifiedMs: mtimeMs });
  });

  it.each([
    'Käpt’n Blaubär – Folge 3 日本語 🎬.mkv',
    `${'ü'.repeat(125)}.mkv`,
    `it's "quoted" 'twice'.mkv`,
    '[Group] Show (1995) {x} $HOME `id` %03d *?.mkv',
    'two\nlines.mkv',
    '-i.mkv',
    'concat:a|b.mkv',
  ])('takes the name %j as it is', async (name) => {
    const season = await plan(await folderWith(name));
    expect(season.episodes.map(({ path, output }) => [path, output])).toEqual([[name, name]]);
    expect(season.episodes[0]?.id).toMatch(/^e01-[0-9a-f]{8}$/);
  });

  it('goes on without what is no video, and says why', async () => {
    const folder = await folderWith('ep1.mkv', 'ep2.mkv');
    await copyFile(join(folder, 'ep1.mkv'), join(folder, 'stub.mkv'));
    await truncate(join(folder, 'stub.mkv'), 200);
    await fill(folder, { 'text.mkv': 'this is no video\n', 'empty.avi': '' });
    const season = await plan(folder);
    expect(paths(season)).toEqual(['ep1.mkv', 'ep2.mkv']);
    expect(Object.keys(reasons(season)).sort()).toEqual(['empty.avi', 'stub.mkv', 'text.mkv']);
    for (const reason of Object.values(reasons(season))) expect(reason).not.toContain(folder);
  });

  it.each(['mkv', 'webm', 'mp4', 'mov', 'avi'])('leaves out a .%s whose end is missing', async (ending) => {
    const folder = await folderWith('ep1.mkv');
    const whole = join(folder, `whole.${ending}`);
    const codec = ending === 'webm' ? ['-c:v', 'libvpx-vp9', '-deadline', 'realtime'] : ['-c:v', 'mpeg2video'];
    // The index first, as in files made for the web: the header alone looks perfect.
    await makeVideo(whole, 4, 24, [...codec, ...(ending === 'mp4' ? ['-movflags', '+faststart'] : [])]);
    await copyFile(whole, join(folder, `half.${ending}`));
    await truncate(join(folder, `half.${ending}`), Math.floor((await readFile(whole)).length * 0.7));
    const season = await plan(folder);
    expect(paths(season)).toEqual(['ep1.mkv', `whole.${ending}`]);
    expect(Object.keys(reasons(season))).toEqual([`half.${ending}`]);
  });

  it('opens nothing that a text in the guise of a video names', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret.ts`;
    const folder = await folderWith('ep1.mkv');
    await fill(folder, {
      'list.mkv': `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`,
      'concat.mkv': `ffconcat version 1.0\nfile '${url}'\n`,
      'local.mkv': `ffconcat version 1.0\nfile 'ep1.mkv'\n`,
    });
    const season = await plan(folder);
    server.close();
    expect(paths(season)).toEqual(['ep1.mkv']);
    expect(Object.keys(reasons(season))).toEqual(['concat.mkv', 'list.mkv', 'local.mkv']);
    expect(asked).toEqual([]);
  });

  it('takes the first of two files with the same content, whatever they are called', async () => {
    const folder = await folderWith('ep2.mkv');
    await copyFile(join(folder, 'ep2.mkv'), join(folder, 'ep10 copy.mkv'));
    const bytes = await readFile(join(folder, 'ep2.mkv'));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await fill(folder, { 'ep1 other last byte.mkv': bytes });
    const season = await plan(folder);
    expect(paths(season)).toEqual(['ep1 other last byte.mkv', 'ep2.mkv']);
    expect(reasons(season)).toEqual({ 'ep10 copy.mkv': 'same content as ep2.mkv' });
  });

  it('keeps the numbers of the folder when only some episodes are wanted', async () => {
    const season = await plan(await folderWith('a.mkv', 'b.mkv', 'c.mkv'), { episodes: '2-3' });
    expect(season.episodes.map(({ number, path }) => [number, path])).toEqual([
      [2, 'b.mkv'],
      [3, 'c.mkv'],
    ]);
    expect(reasons(season)).toEqual({ 'a.mkv': 'not among --episodes 2-3' });
  });

  it('gives single episodes the profile that taaf.yaml names, or leaves them out', async () => {
    const overrides = { a: { profile: 'other' }, b: { skip: true } };
    const season = await plan(await folderWith('a.mkv', 'b.mkv', 'c.mkv'), { overrides });
    expect(season.episodes.map((episode) => [episode.stem, episode.profile.name, episode.target.height])).toEqual([
      ['a', 'other', 128],
      ['c', 'mine', 2160],
    ]);
  });

  it('is one season however often and from wherever it is made', async () => {
    const folder = await folderWith('a.mkv', 'b.mkv');
    const first = await plan(folder);
    expect(await plan(`${folder}/../${folder.split('/').at(-1) ?? ''}/`)).toEqual(first);
    const seasons = [first, await plan(folder, { profile: other }), await plan(folder, {}, { install: 'install-2' })];
    expect(new Set(seasons.map(({ season }) => season)).size).toBe(3);
  });

  it('takes a single video as a season of one', async () => {
    const folder = await folderWith('a.mkv', 'b.mkv');
    const season = await plan(join(folder, 'b.mkv'));
    expect(season).toMatchObject({ title: 'b', folder, out: join(folder, 'upscaled') });
    expect(paths(season)).toEqual(['b.mkv']);
  });

  it('never takes results for sources, neither in the default folder nor in the one of --out', async () => {
    const season = await plan(await folderWith('a.mkv', 'upscaled/b.mkv', '4k/c.mkv'), { out: 'relative' });
    expect(paths(season)).toEqual(['4k/c.mkv', 'a.mkv']);
    const again = await plan(season.folder, { out: join(season.folder, '4k') });
    expect(paths(again)).toEqual(['a.mkv']);
    expect(reasons(again)).toEqual({ 'upscaled/': "TAAF's own results", '4k/': "TAAF's own results" });
  });

  it.each([
    [['ep1.mkv', 'ep1.avi']],
    [['Ep1.mkv', 'ep1.avi']],
    [['caf\u00e9.mkv', 'cafe\u0301.mkv']],
    [[`${'x'.repeat(251)}.mkv`, `${'x'.repeat(251)}y.ts`]],
  ])('is refused when two sources would have one result: %j', async (names) => {
    const failure = { kind: 'usage', message: expect.stringContaining('would both become') as string };
    await expect(plan(await folderWith(...names))).rejects.toMatchObject(failure);
  });

  it('is refused for a folder without a video, with what was seen', async () => {
    const folder = await makeFolder();
    await fill(folder, { 'notes.txt': 'x', 'fake.mkv': 'x' });
    const evidence = expect.stringMatching(/^"notes\.txt": not a video \(\.txt\)\n"fake\.mkv": /) as string;
    await expect(plan(folder)).rejects.toMatchObject({ kind: 'usage', evidence });
    await expect(plan(await makeFolder())).rejects.toMatchObject({ evidence: 'the folder is empty' });
  });

  it('tells how far it is, and stops when it is asked to', async () => {
    const folder = await folderWith('a.mkv', 'b.mkv', 'c.mkv');
    const told: string[] = [];
    await plan(folder, {}, { onInspected: (done, of) => told.push(`${done}/${of}`) });
    expect(told).toEqual(['1/3', '2/3', '3/3']);
    await expect(plan(folder, {}, { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it('does not blame the videos for a missing ffprobe', async () => {
    const inspectors = inspectorsOf({ ...tools, ffprobe: '/nowhere/ffprobe' });
    await expect(plan(await folderWith('a.mkv'), {}, { inspectors })).rejects.toMatchObject({ kind: 'tool-missing' });
  });
});
