import { describe, expect, it } from 'vitest';
import { cadenceFilters, cadenceOf, clockOf, restoredOutput, restoreFilters } from '../../src/media/restore-chain.js';
import { testJob, testProfile, verdict } from '../fixtures/job.js';

const NTSC = { frameRate: { num: 30000, den: 1001 } };

const info = {
  container: 'matroska,webm',
  bytes: 1,
  durationSeconds: 10,
  picture: {
    codec: 'mpeg2video',
    width: 720,
    height: 480,
    sar: { num: 8, den: 9 },
    pixelFormat: 'yuv420p',
    ...NTSC,
    colour: { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', range: 'tv' },
  },
  pictureStream: 0,
  streams: [],
  chapters: [],
} as const;

describe('the restore chain', () => {
  it('leaves frames alone that are whole already', () => {
    expect(cadenceFilters('progressive', 'tff', 'field', NTSC)).toEqual([]);
    expect(cadenceFilters('soft-telecine', 'tff', 'field', NTSC)).toEqual([]);
  });

  it('matches fields and drops the repeated frame of hard telecine, in the field order of the verdict', () => {
    expect(cadenceFilters('hard-telecine', 'bff', 'field', NTSC)).toEqual([
      'dejudder',
      'fps=30000/1001',
      'setfield=bff',
      'fieldmatch=order=bff',
      'bwdif=mode=send_frame:parity=bff:deint=interlaced',
      'decimate',
    ]);
    expect(cadenceFilters('hard-telecine', 'tff', 'field', { frameRate: { num: 30, den: 1 } })).toContain('fps=30');
  });

  it('makes a frame of every field, or of every frame, as the profile wants', () => {
    expect(cadenceFilters('interlaced', 'tff', 'field', NTSC)).toEqual([
      'setfield=tff',
      'bwdif=mode=send_field:parity=tff:deint=all',
    ]);
    expect(cadenceFilters('interlaced', 'bff', 'frame', NTSC)).toEqual([
      'setfield=bff',
      'bwdif=mode=send_frame:parity=bff:deint=all',
    ]);
  });

  it('starts the clock at 0, tags the colour and reports every frame', () => {
    expect(restoreFilters(testJob(info, verdict('progressive')), 24_000)).toBe(
      'settb=1/120000,setpts=PTS-(24000),' +
        'setparams=color_primaries=smpte170m:color_trc=smpte170m:colorspace=smpte170m:range=tv,' +
        'settb=1/120000,scdet,metadata=mode=print:key=lavfi.scd.score:file=-',
    );
  });

  it('never scales', () => {
    for (const cadence of ['progressive', 'hard-telecine', 'soft-telecine', 'interlaced'] as const) {
      expect(restoreFilters(testJob(info, verdict(cadence)), 0)).not.toMatch(/scale|setsar|crop/);
    }
  });

  it('follows the profile against the verdict', () => {
    const job = testJob(info, verdict('interlaced'), testProfile({ cadence: 'progressive' }));
    expect(cadenceOf(job)).toBe('progressive');
    expect(cadenceOf(testJob(info, verdict('interlaced')))).toBe('interlaced');
    expect(restoreFilters(job, 0)).not.toContain('bwdif');
  });

  it('allows the swing of a field to soft telecine only', () => {
    expect(clockOf('soft-telecine').tolerance).toBeGreaterThan(2002);
    expect(clockOf('hard-telecine').tolerance).toBeLessThan(1001);
  });

  it('stores every frame by itself, with its own time', () => {
    const output = restoredOutput('file:/x/whole.mkv').join(' ');
    expect(output).toContain('-fps_mode passthrough -enc_time_base 1/120000');
    expect(output).toContain('-c:v ffv1 -level 3 -g 1 -slices 4 -slicecrc 1');
    expect(output).toMatch(/-f matroska file:\/x\/whole\.mkv$/);
  });
});
