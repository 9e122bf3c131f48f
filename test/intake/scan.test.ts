import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failures.js';
import { findOut, findPlace } from '../../src/intake/place.js';
import { scan } from '../../src/intake/scan.js';
import { fill, makeFolder } from './folder.js';

async function scanned(path: string, own: readonly string[] = []) {
  const { candidates, skipped } = await scan(await findPlace(path), own);
  return {
    paths: candidates.map((candidate) => candidate.path),
    reasons: Object.fromEntries(skipped.map(({ path: file, reason }) => [file, reason])),
  };
}

/** Acts as a user without rights, as on most computers; the super-user may read everything. */
async function unprivileged<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a scan', () => {
  it('finds videos of every ending in nested folders, in natural order', async () => {
    const folder = await makeFolder();
    const endings = ['mkv', 'MP4', 'm4v', 'avi', 'mpg', 'mpeg', 'vob', 'ts', 'm2ts', 'mov', 'webm'];
    await fill(folder, Object.fromEntries(endings.map((ending, index) => [`s2/ep${index + 1}.${ending}`, 'x'])));
    await fill(folder, { 's10/ep1.mkv': 'x', 'ep3.mkv': 'x' });
    const { paths, reasons } = await scanned(folder);
    expect(paths).toEqual(['ep3.mkv', ...endings.map((ending, index) => `s2/ep${index + 1}.${ending}`), 's10/ep1.mkv']);
    expect(reasons).toEqual({});
  });

  it('names everything it leaves out, with the reason', async () => {
    const folder = await makeFolder();
    const menus = { 'VIDEO_TS/VIDEO_TS.VOB': 'x', 'VIDEO_TS/VTS_01_0.VOB': 'x', 'VIDEO_TS/VTS_01_1.VOB': 'x' };
    await fill(folder, { ...menus, 'notes.txt': 'x', README: 'x', '._ep1.mkv': 'x', '.trash/ep1.mkv': 'x' });
    await fill(folder, { 'empty.mkv': '', 'ep1.mkv.part': 'x', 'upscaled/ep1.mkv': 'x', 'taaf.yaml': '' });
    await mkdir(join(folder, 'folder.mkv'));
    execFileSync('mkfifo', [join(folder, 'pipe.mkv')]);
    const { paths, reasons } = await scanned(folder, [join(folder, 'upscaled')]);
    expect(paths).toEqual(['VIDEO_TS/VTS_01_1.VOB']);
    expect(reasons).toEqual({
      'VIDEO_TS/VIDEO_TS.VOB': 'menu of a DVD',
      'VIDEO_TS/VTS_01_0.VOB': 'menu of a DVD',
      'notes.txt': 'not a video (.txt)',
      README: 'not a video (no ending)',
      '._ep1.mkv': 'hidden file',
      '.trash/': 'hidden folder',
      'empty.mkv': 'empty file',
      'ep1.mkv.part': 'not a video (.part)',
      'upscaled/': "TAAF's own results",
      'pipe.mkv': 'not a regular file',
    });
  });

  it('leaves samples out, but neither an episode that happens to be named so nor a folder of nothing else', async () => {
    const folder = await makeFolder();
    const big = 'x'.repeat(1000);
    const episodes = { 'ep1.mkv': big, 'A Sample of Blood.mkv': big, 'resampled.mkv': 'x' };
    await fill(folder, { ...episodes, 'ep1-sample.mkv': 'x', 'Sample/ep2.mkv': 'x' });
    const { paths, reasons } = await scanned(folder);
    expect(paths).toEqual(['A Sample of Blood.mkv', 'ep1.mkv', 'resampled.mkv']);
    expect(reasons).toEqual({ 'ep1-sample.mkv': 'sample', 'Sample/ep2.mkv': 'sample' });
    expect((await scanned(join(folder, 'Sample'))).paths).toEqual(['ep2.mkv']);
    expect((await scanned(join(folder, 'ep1-sample.mkv'))).paths).toEqual(['ep1-sample.mkv']);
  });

  it.each([
    'Käpt’n Blaubär – Folge 3 日本語 🎬.mkv',
    `${'x'.repeat(251)}.mkv`,
    `it's "quoted" 'twice'.mkv`,
    '[Group] Show (1995) {x} $HOME `id` %03d *?.mkv',
    'two\nlines.mkv',
    '-i.mkv',
    ' spaces .mkv',
    'concat:a|b.mkv',
  ])('finds the name %j', async (name) => {
    const folder = await makeFolder();
    await fill(folder, { [name]: 'x' });
    expect(await scanned(folder)).toEqual({ paths: [name], reasons: {} });
  });

  it('says so of a name that is not UTF-8', async () => {
    const folder = await makeFolder();
    await writeFile(Buffer.concat([Buffer.from(`${folder}/ep`), Buffer.from([0xe4]), Buffer.from('.mkv')]), 'x');
    expect(await scanned(folder)).toEqual({ paths: [], reasons: { 'ep\uFFFD.mkv': 'its name is not valid UTF-8' } });
  });

  it('follows no link, neither out of the folder nor in a circle', async () => {
    const outside = await makeFolder();
    const folder = await makeFolder();
    await fill(outside, { 'secret.mkv': 'x' });
    await fill(folder, { 's1/ep1.mkv': 'x' });
    await symlink(join(outside, 'secret.mkv'), join(folder, 'out.mkv'));
    await symlink(outside, join(folder, 'outside'));
    await symlink('s1/ep1.mkv', join(folder, 'again.mkv'));
    await symlink('..', join(folder, 's1', 'up'));
    await symlink('nowhere', join(folder, 'broken.mkv'));
    expect(await scanned(folder)).toEqual({
      paths: ['s1/ep1.mkv'],
      reasons: {
        'out.mkv': `link out of the folder (${join(outside, 'secret.mkv')})`,
        outside: `link out of the folder (${outside})`,
        'again.mkv': 'link to s1/ep1.mkv',
        's1/up': 'link to the folder itself',
        'broken.mkv': 'link to nothing (nowhere)',
      },
    });
  });

  it('takes a folder whose own path is a link', async () => {
    const folder = await makeFolder();
    await fill(folder, { 'real/ep1.mkv': 'x' });
    await symlink('real', join(folder, 'link'));
    expect((await scanned(join(folder, 'link'))).paths).toEqual(['ep1.mkv']);
    expect(await findPlace(join(folder, 'link'))).toEqual(await findPlace(join(folder, 'real')));
  });

  it('reports what may not be read and goes on', async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o755);
    await fill(folder, { 'ep1.mkv': 'x', 'ep2.mkv': 'x', 'closed/ep3.mkv': 'x' });
    await chmod(join(folder, 'ep1.mkv'), 0o000);
    await chmod(join(folder, 'closed'), 0o000);
    const seen = await unprivileged(() => scanned(folder));
    await chmod(join(folder, 'closed'), 0o755);
    expect(seen).toEqual({
      paths: ['ep2.mkv'],
      reasons: { 'ep1.mkv': 'cannot be read (EACCES)', 'closed/': 'cannot be read (EACCES)' },
    });
  });

  it('takes a single video, and reports a single file that is none', async () => {
    const folder = await makeFolder();
    await fill(folder, { 'ep1.mkv': 'x', 'ep2.mkv': 'x', 'a.txt': 'x' });
    expect(await scanned(join(folder, 'ep2.mkv'))).toEqual({ paths: ['ep2.mkv'], reasons: {} });
    expect(await scanned(join(folder, 'a.txt'))).toEqual({ paths: [], reasons: { 'a.txt': 'not a video (.txt)' } });
  });
});

describe('the place of a season', () => {
  it('must be there', async () => {
    const folder = await makeFolder();
    await expect(findPlace(join(folder, 'nowhere'))).rejects.toMatchObject({ kind: 'usage', evidence: 'ENOENT' });
    await expect(findPlace(join(folder, 'nowhere'))).rejects.toBeInstanceOf(Failure);
  });

  it('has its results in `upscaled`, or where the user says', async () => {
    const folder = await makeFolder();
    const place = await findPlace(folder);
    expect(await findOut(place, undefined)).toBe(join(folder, 'upscaled'));
    expect(await findOut(place, join(folder, 'not', 'there', 'yet'))).toBe(join(folder, 'not', 'there', 'yet'));
  });

  it('never has them over or beside the sources, nor in a file', async () => {
    const folder = await makeFolder();
    await fill(folder, { 'ep1.mkv': 'x' });
    await symlink('.', join(folder, 'link'));
    const place = await findPlace(folder);
    await expect(findOut(place, folder)).rejects.toMatchObject({ kind: 'usage' });
    await expect(findOut(place, join(folder, 'link'))).rejects.toMatchObject({ kind: 'usage' });
    await expect(findOut(place, join(folder, 'ep1.mkv'))).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('discs in a scan', () => {
  const disc = {
    'VIDEO_TS.IFO': 'x',
    'VIDEO_TS.BUP': 'x',
    'VTS_01_0.IFO': 'x',
    'VTS_01_0.VOB': 'x',
    'VTS_01_1.VOB': 'x',
  };
  const inside = (folder: string): Record<string, string> =>
    Object.fromEntries(Object.entries(disc).map(([name, content]) => [`${folder}${name}`, content]));
  const discs = async (path: string) =>
    (await scan(await findPlace(path), [])).discs.map(({ path: at, name }) => [at, name]);

  it('are found in VIDEO_TS folders, in folders like them, and in images, beside plain files', async () => {
    const folder = await makeFolder();
    await fill(folder, { ...inside('disc2/VIDEO_TS/'), ...inside('box/disc10/video_ts/'), ...inside('plain/') });
    await fill(folder, { 'disc1.iso': 'x', 'box/disc9.ISO': 'x', 'ep1.mkv': 'x', 'disc2/VIDEO_TS/notes.mkv': 'x' });
    expect(await discs(folder)).toEqual([
      ['box/disc9.ISO', 'box/disc9'],
      ['box/disc10/video_ts', 'box/disc10'],
      ['disc1.iso', 'disc1'],
      ['disc2/VIDEO_TS', 'disc2'],
      ['plain', 'plain'],
    ]);
    expect(await scanned(folder)).toEqual({ paths: ['disc2/VIDEO_TS/notes.mkv', 'ep1.mkv'], reasons: {} });
  });

  it('may be the season itself, by every path to it, with the results beside them', async () => {
    const folder = await makeFolder();
    await fill(folder, { ...inside('Show D1/VIDEO_TS/'), 'Show D2.iso': 'x', ...inside('Show D3/') });
    for (const path of ['Show D1', 'Show D1/VIDEO_TS']) {
      expect(await discs(join(folder, path))).toEqual([['VIDEO_TS', 'Show D1']]);
      expect((await findPlace(join(folder, path))).folder).toBe(join(folder, 'Show D1'));
    }
    expect(await discs(join(folder, 'Show D2.iso'))).toEqual([['Show D2.iso', 'Show D2']]);
    expect(await discs(join(folder, 'Show D3'))).toEqual([['.', 'Show D3']]);
  });

  it('are none without their tables: loose VOBs of one set are one video', async () => {
    const folder = await makeFolder();
    const loose = {
      'VTS_01_0.VOB': 'x',
      'VTS_01_2.VOB': 'xx',
      'VTS_01_1.VOB': 'x',
      'VTS_02_1.VOB': 'x',
      'vts_03_2.vob': 'x',
    };
    await fill(
      folder,
      Object.fromEntries(Object.entries(loose).map(([name, content]) => [`VIDEO_TS/${name}`, content])),
    );
    const { candidates } = await scan(await findPlace(folder), []);
    expect(candidates.map(({ path, stem, bytes }) => [path, stem, bytes])).toEqual([
      ['VIDEO_TS/VTS_01', 'VTS_01', 3],
      ['VIDEO_TS/VTS_02_1.VOB', 'VTS_02_1', 1],
      ['VIDEO_TS/vts_03_2.vob', 'vts_03_2', 1],
    ]);
    const [origin, alone] = candidates.flatMap((candidate) => candidate.origin ?? []);
    expect(alone?.files.map(({ path }) => path)).toEqual(['VIDEO_TS/VTS_02_1.VOB']);
    expect(origin?.files.map(({ path }) => path)).toEqual(['VIDEO_TS/VTS_01_1.VOB', 'VIDEO_TS/VTS_01_2.VOB']);
  });
});
