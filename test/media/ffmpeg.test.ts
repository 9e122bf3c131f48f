import { describe, expect, it } from 'vitest';
import { fileUrl, readProgress, sourceInput } from '../../src/media/ffmpeg.js';

describe('the words shared by all ffmpeg commands', () => {
  it('make any path a file and nothing else', () => {
    expect(fileUrl('-i concat:a|b "%d".mkv')).toBe('file:-i concat:a|b "%d".mkv');
    expect(sourceInput('x.mkv').join(' ')).toMatch(/^-protocol_whitelist file .*-i file:x\.mkv$/);
  });

  it('read progress as a growing number of frames', () => {
    const told: number[] = [];
    const read = readProgress((frames) => told.push(frames));
    for (const line of ['frame=0', 'fps=0.0', 'frame=12', 'progress=continue', 'frame=12', 'frame= 30', 'speed=1x']) {
      read(line);
    }
    expect(told).toEqual([12, 30]);
  });
});
