import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCalibrations, updateCalibrations } from '../../src/intake/calibration-file.js';
import { calibrated, noCalibrations, refined } from '../../src/intake/calibrations.js';
import { diskOf } from '../../src/intake/disk-space.js';
import { thisMachine } from '../../src/intake/machine.js';
import { fill, makeFolder } from './folder.js';

describe('the file of calibrations', () => {
  it('keeps what was measured, in a folder that it makes', async () => {
    const file = join(await makeFolder(), 'data', 'calibrations.json');
    expect(await readCalibrations(file)).toEqual({ calibrations: noCalibrations });
    await updateCalibrations(file, (now) => refined(now, 'm', 'k', 2));
    await updateCalibrations(file, (now) => refined(now, 'other', 'k', 7));
    const { calibrations, notice } = await readCalibrations(file);
    expect([calibrated(calibrations, 'm', 'k'), calibrated(calibrations, 'other', 'k')]).toEqual([2, 7]);
    expect(notice).toBeUndefined();
    expect(await readdir(join(file, '..'))).toEqual(['calibrations.json']);
  });

  it.each(['', '{', 'null', '{"version":2}', '{"version":1,"machines":{"m":{"k":{"value":-1,"samples":1}}}}'])(
    'is begun anew, with a notice, when it is damaged: %j',
    async (text) => {
      const folder = await makeFolder();
      const file = join(folder, 'calibrations.json');
      await fill(folder, { 'calibrations.json': text });
      expect(await readCalibrations(file)).toEqual({
        calibrations: noCalibrations,
        notice: expect.stringContaining(file) as string,
      });
      await updateCalibrations(file, (now) => refined(now, 'm', 'k', 2));
      expect((await readCalibrations(file)).notice).toBeUndefined();
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1 });
    },
  );

  it('does not hide an error of the disk', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'calibrations.json'));
    await expect(readCalibrations(join(folder, 'calibrations.json'))).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('this computer', () => {
  it('has a name that tells GPU and processor apart', () => {
    expect(thisMachine('NVIDIA L4')).toMatchObject({ gpu: 'NVIDIA L4', cores: thisMachine().cores });
    expect(thisMachine('NVIDIA L4').name).not.toBe(thisMachine().name);
  });

  it('has room on the disk of a folder that is not there yet', async () => {
    const folder = await makeFolder();
    const disk = await diskOf(join(folder, 'not', 'yet'));
    expect(disk.folder).toBe(join(folder, 'not', 'yet'));
    expect(disk.device).toBe((await diskOf(folder)).device);
    expect(disk.freeBytes).toBeGreaterThan(0);
    expect((await diskOf('/proc')).device).not.toBe(disk.device);
  });
});
