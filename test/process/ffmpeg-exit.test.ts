import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ffmpegExitKind } from '../../src/process/ffmpeg-exit.js';
import { run } from '../../src/process/run.js';
import { tools } from '../helpers/tools.js';

describe('the exit code of ffmpeg', () => {
  it('is the low byte of a negative errno', () => {
    expect(ffmpegExitKind(256 - constants.errno.ENOSPC)).toBe('disk-full');
    expect(ffmpegExitKind(256 - constants.errno.EROFS)).toBe('output-unwritable');
    expect(ffmpegExitKind(256 - constants.errno.EACCES)).toBe('permission');
  });

  it('is all of it on Windows, unsigned', () => {
    expect(ffmpegExitKind(4_294_967_268)).toBe('disk-full');
    // Invalid argument: Topaz's ffmpeg without a licence, among others.
    expect(ffmpegExitKind(4_294_967_274)).toBeUndefined();
  });

  it('proves nothing where it is no such errno', () => {
    for (const code of [0, 1, 69, 183, 255]) expect(ffmpegExitKind(code)).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('tells a full disk on a real one', async () => {
    const argv = [tools.ffmpeg, '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=d=1'];
    const full = run([...argv, '-f', 'matroska', 'file:/dev/full'], { exitKind: ffmpegExitKind });
    await expect(full).rejects.toMatchObject({ kind: 'disk-full' });
  });
});
