import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declaredEnd } from '../../src/intake/declared-end.js';
import { fill, makeFolder, makeVideo } from './folder.js';

const box = (type: string, size: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size);
  head.write(type, 4, 'latin1');
  return head;
};

describe('the end that a header declares', () => {
  it.each(['mkv', 'mp4', 'mov', 'avi'])(
    'is that of the file for a whole .%s, also with something behind it',
    async (ending) => {
      const folder = await makeFolder();
      const path = join(folder, `a.${ending}`);
      await makeVideo(path, 1);
      const { size } = await stat(path);
      expect(await declaredEnd(path)).toBe(size);
      await fill(folder, { [`longer.${ending}`]: Buffer.concat([await readFile(path), Buffer.alloc(1000)]) });
      expect(await declaredEnd(join(folder, `longer.${ending}`))).toBe(size);
    },
  );

  it('is unknown for live recordings, MPEG streams, texts and scraps', async () => {
    const folder = await makeFolder();
    await makeVideo(join(folder, 'live.mkv'), 1, 24, ['-c:v', 'mpeg2video', '-live', '1']);
    await makeVideo(join(folder, 'a.mpg'), 1);
    await fill(folder, {
      'text.mkv': 'this is a text and nothing but a text',
      'scrap.mkv': 'x',
      'ebml.mkv': Buffer.from('1a45dfa3', 'hex'),
    });
    for (const name of ['live.mkv', 'a.mpg', 'text.mkv', 'scrap.mkv', 'ebml.mkv']) {
      expect(await declaredEnd(join(folder, name))).toBeUndefined();
    }
  });

  it('is read from sizes of 64 bits', async () => {
    const folder = await makeFolder();
    const large = Buffer.alloc(8);
    large.writeBigUInt64BE(5_000_000_000n);
    await fill(folder, { 'a.mp4': Buffer.concat([box('ftyp', 8), box('mdat', 1), large]) });
    expect(await declaredEnd(join(folder, 'a.mp4'))).toBe(5_000_000_008);
  });

  it('is that of the last RIFF of a long AVI, and unknown for one that was never closed', async () => {
    const folder = await makeFolder();
    const riff = (size: number, bytes: number): Buffer => {
      const piece = Buffer.alloc(bytes);
      piece.write('RIFF', 'latin1');
      piece.writeUInt32LE(size, 4);
      return piece;
    };
    await fill(folder, { 'long.avi': Buffer.concat([riff(92, 100), riff(192, 100)]), 'open.avi': riff(0, 100) });
    expect(await declaredEnd(join(folder, 'long.avi'))).toBe(300);
    expect(await declaredEnd(join(folder, 'open.avi'))).toBeUndefined();
  });
});
