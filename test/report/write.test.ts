import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MARKER } from '../../src/report/page.js';
import { writePage } from '../../src/report/write.js';
import { temporaryFolder } from '../helpers/folder.js';

const page = (text: string): string => `${MARKER}\n${text}`;

describe('a page', () => {
  it('makes its folder, and takes the place of an older page, of which nothing stays', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'new', 'report.html');
    await writePage(path, page('one'));
    await writePage(path, page('two'));
    expect(await readFile(path, 'utf8')).toBe(page('two'));
    expect(await readdir(join(folder, 'new'))).toEqual(['report.html']);
  });

  it.each([
    ['another file', 'my own notes'],
    ['an empty file', ''],
    ['a page of somebody else', '<!doctype html>'],
  ])('is never written over %s', async (_, text) => {
    const path = join(await temporaryFolder(), 'report.html');
    await writeFile(path, text);
    await expect(writePage(path, page('x'))).rejects.toMatchObject({ kind: 'output-exists', evidence: path });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('is not written where a folder is, or below a file', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'report.html'));
    await expect(writePage(join(folder, 'report.html'), page('x'))).rejects.toMatchObject({ kind: 'output-exists' });
    await writeFile(join(folder, 'file'), '');
    await expect(writePage(join(folder, 'file', 'report.html'), page('x'))).rejects.toMatchObject({
      kind: 'output-exists',
    });
  });
});
