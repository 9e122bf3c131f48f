import { describe, expect, it } from 'vitest';
import { estimateArgv, estimateOf, estimatePlaces, parameterValues } from '../../src/engines/topaz-estimate.js';
import { signedExit, topazExit } from '../../src/engines/topaz-exit.js';
import { licenceReader } from '../../src/engines/topaz-licence.js';
import { topazFinding, withoutAccount } from '../../src/engines/topaz-lines.js';
import { taskIn } from './task.js';

describe('a line of Topaz’s log', () => {
  it.each([
    ['INFO:  Failed to refresh auth: 401 reauthentication is required.', 'licence'],
    ['WARNING: Refresh failed. Watermark will be enabled', 'licence'],
    ['INFO:  Authentication token expired', 'licence'],
    ['ERROR: Authentication Failure: login to your account using the login tool', 'licence'],
    ['CRITICAL:  Problems with unzipping file: Unable to get info on first file in zip archive', 'licence'],
    ['CRITICAL:  Invalid auth file', 'licence'],
    ['INFO:  Auth Check Watermark: 0 1 0', 'licence'],
    ['Waited too long for processing, ending file 7', 'engine-crashed'],
    ['[Parsed_tvai_up_2 @ 0x1] Model not found: prob-4', 'configure-failed'],
    ['[Parsed_tvai_up_2 @ 0x1] Invalid scale 3 for model prob-4, allowed scales are: 1, 2, 4', 'unsupported'],
    ['Invalid value prob-9 for model, model should be in the following list:', 'unsupported'],
    ['Invalid value 5 for device, device should be in the following list:', 'configure-failed'],
    ["[AVFilterGraph @ 0x1] No such filter: 'tvai_up'", 'configure-failed'],
    ['The processing has failed', 'engine-crashed'],
    ['Error processing frame 12 12 0.5', 'engine-crashed'],
    ['CUDA failure: failed to allocate 734003200 bytes', 'out-of-gpu-memory'],
    ['[hevc_nvenc @ 0x1] OpenEncodeSessionEx failed: out of memory (10)', 'out-of-gpu-memory'],
    ['[hevc_nvenc @ 0x1] Cannot load nvcuda.dll', 'configure-failed'],
  ])('"%s" is %s', (line, kind) => {
    expect(topazFinding(line)?.kind).toBe(kind);
  });

  it.each([
    'INFO:  Checking for authentication at C:\\ProgramData\\Topaz Labs LLC\\Topaz Video\\models\\auth.tpz',
    'INFO:  Successfully authenticated for user: someone@example.com',
    'INFO:  Auth Check Watermark: 0 0 0',
    '[Parsed_tvai_pe_3 @ 0x1] Parameter values:[ 0.1,]',
    "Input #0, matroska,webm, from 'C:\\work\\restored.mkv':",
    'Stream #0:0: Video: ffv1, yuv420p(tv, smpte170m), 720x480, SAR 8:9 DAR 4:3, 23.98 fps',
  ])('"%s" is nothing wrong', (line) => {
    expect(topazFinding(line)).toBeUndefined();
  });

  it('that names the cause goes before its echo', () => {
    const rank = (line: string) => topazFinding(line)?.rank ?? Infinity;
    expect(rank('CUDA out of memory')).toBeLessThan(rank('The processing has failed'));
    expect(rank('Refresh failed. Watermark will be enabled')).toBeLessThan(rank('CUDA out of memory'));
  });

  it('never shows the account', () => {
    expect(withoutAccount('INFO:  Successfully authenticated for user: some.one+x@mail.example.com (2 seats)')).toBe(
      'INFO:  Successfully authenticated for user: <account> (2 seats)',
    );
    expect(withoutAccount('user="a@b.c", C:\\x\\auth.tpz @ 0x5588')).toBe('user="<account>", C:\\x\\auth.tpz @ 0x5588');
  });
});

describe('the licence verdict', () => {
  const verdictOf = (...lines: string[]) => {
    const read = licenceReader();
    return lines.map(read).find(Boolean);
  };

  it.each([
    [['Checking for authentication at x', 'Successfully authenticated for user: a@b.c'], 'good'],
    [['INFO:  Relogin valid', 'INFO:  Auth Check Watermark: 0 0 0'], 'good'],
    [['INFO:  Auth Check Watermark: 0 0 0'], undefined],
    [['INFO:  Relogin valid', 'INFO:  Auth Check Watermark: 0 1 0'], 'bad'],
    [['INFO:  Checking for authentication at x', 'frame=    1 fps=0.0'], undefined],
    [['Authentication token expired', 'Refresh succeeded. Reusing existing license.'], 'bad'],
    [[], undefined],
  ])('of %j is %s', (lines, verdict) => {
    expect(verdictOf(...lines)).toBe(verdict);
  });
});

describe('an exit code', () => {
  it.each([
    [4_294_967_274, -22, 'unsupported'],
    [234, -22, 'unsupported'],
    [4_294_967_268, -28, 'disk-full'],
    [3_221_225_477, -1_073_741_819, 'engine-crashed'],
    [3_221_225_781, -1_073_741_515, 'configure-failed'],
    [1, 1, undefined],
    [69, 69, undefined],
  ])('%i is %i: %s', (code, signed, kind) => {
    expect(signedExit(code)).toBe(signed);
    expect(topazExit(code)?.kind).toBe(kind);
  });
});

describe('automatic parameters', () => {
  it('are read in both ways in which they are printed', () => {
    expect(
      parameterValues(
        '[Parsed_tvai_pe_3 @ 0x1] Parameter values:[ 0.100000, -0.200000, 3e-05, 0.4, 0.5, 0.6, 0.0, 0.0,]',
      ),
    ).toEqual([0.1, -0.2, 0.000_03, 0.4, 0.5, 0.6]);
    expect(parameterValues('Parameter values:[-0.245 ,0.0104915 ,0.228516 ,0.50298 ,0.0961366 ,0.20163 , ]')).toEqual([
      ...[-0.245, 0.0104915, 0.228516, 0.50298, 0.0961366, 0.20163],
    ]);
    expect(parameterValues('Parameter values:[ 0.1, 0.2]')).toBeUndefined();
    expect(parameterValues('frame=1')).toBeUndefined();
  });

  it('are the medians, in the order of the filter, within its range', () => {
    const frames = Array.from({ length: 21 }, (_, i) => [i === 0 ? 9 : 0.123_456, 2, -2, 0, 0.5, i / 100]);
    expect(estimateOf(frames, 21)).toEqual({
      ...{ estimator: 'prap-3', frames: 21 },
      parameters: { preblur: 0.1235, noise: 1, details: -1, halo: 0, blur: 0.5, compression: 0.1 },
    });
  });

  it('need 20 frames, or all of a shorter episode', () => {
    const some = (count: number) => Array.from({ length: count }, () => [0, 0, 0, 0, 0, 0]);
    expect(() => estimateOf(some(19), 40)).toThrow(expect.objectContaining({ kind: 'engine-crashed' }));
    expect(estimateOf(some(7), 7).frames).toBe(7);
    expect(() => estimateOf(some(6), 7)).toThrow(/too few/);
  });

  it.each([
    [[1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440], 5, 40],
    [[1440], 1, 20],
    [[10, 5], 2, 15],
    [[30, 30], 2, 40],
    [[100, 1, 1, 1, 1], 5, 24],
    [[3], 1, 3],
  ])('of segments of %j frames are looked for at %i places', (counts, places, frames) => {
    const chosen = estimatePlaces(counts);
    expect(chosen).toHaveLength(places);
    expect(chosen.reduce((sum, place) => sum + place.frames, 0)).toBe(frames);
    for (const place of chosen) {
      expect(place.first).toBeGreaterThanOrEqual(0);
      expect(place.first + place.frames).toBeLessThanOrEqual(counts[place.segment] ?? 0);
    }
  });

  it('are estimated on the picture that the model sees', () => {
    const machine = {
      ...{ options: new Set(['download']), colour: 'zscale' as const },
    };
    const argv = estimateArgv(taskIn('/f'), machine, { first: 100, frames: 8 });
    expect(argv[argv.indexOf('-vf') + 1]).toMatch(
      /^trim=start_frame=100:end_frame=108,settb=1001\/24000,.*,format=rgb48le,tvai_pe=model=prap-3:download=1$/,
    );
  });
});
