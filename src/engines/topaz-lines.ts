/**
 * What Topaz says when something is wrong. Its filter's log lines are its only interface: it renders on without a licence, and exits 0
 * when frames are missing. So this is the one place where TAAF reads texts. Pure.
 *
 * Sources: TF = TopazLabs/FFmpeg, libavfilter/tvai_common.c and vf_tvai_up.c · JV = jojje/vai-docker's README · AU, EV = public programs
 * that drive Topaz Video AI on Windows, with the lines in their tests · NV = FFmpeg's nvenc.c.
 */
import type { FailureKind } from '../domain/failures.js';

export interface TopazFinding {
  readonly kind: FailureKind;
  readonly what: string;
  readonly next?: string;
  /** Its place in the table: of several lines the first in the table is the cause, the others are its echo. */
  readonly rank: number;
}

interface Row {
  readonly line: RegExp;
  readonly kind: FailureKind;
  readonly what: string;
  readonly next?: string;
}

const SIGN_IN = 'Sign in to Topaz anew (docs/topaz.md, "The licence"), then run: taaf retry <episode>';
const SEED = 'Put the model into the models folder of the machine (docs/topaz.md), then run: taaf retry <episode>';

const licence = (line: RegExp): Row => ({
  line,
  kind: 'licence',
  what: 'Topaz is not signed in: what it renders has a watermark',
  next: SIGN_IN,
});

const rows: readonly Row[] = [
  // AU, EV.
  licence(/failed to refresh auth/i),
  licence(/reauthentication is required/i),
  licence(/watermark will be enabled/i),
  // EV. A refresh may follow; who reported the line did not trust it, so TAAF does not either.
  licence(/authentication token expired/i),
  licence(/authentication fail(ure|ed)/i),
  licence(/auth check watermark:.*[1-9]/i),
  // JV: also when the licence does not cover the version.
  licence(/problems with unzipping file/i),
  licence(/invalid auth file/i),
  {
    line: /out of memory|out_of_memory|cuda.*alloc/i,
    kind: 'out-of-gpu-memory',
    what: 'Topaz has too little memory on the GPU',
  },
  // NV: "Cannot load nvcuda.dll", "No capable devices found", "Driver does not support the required nvenc API version".
  {
    line: /cannot load (nvcuda|nvencodeapi|libcuda|libnvidia-encode)|no capable devices found|required nvenc api version/i,
    kind: 'configure-failed',
    what: 'The NVIDIA driver of the machine cannot encode',
  },
  // TF.
  { line: /model not found/i, kind: 'configure-failed', what: 'Topaz does not find its model', next: SEED },
  { line: /invalid value .* for model/i, kind: 'unsupported', what: 'Topaz does not know the model' },
  { line: /allowed scales are/i, kind: 'unsupported', what: 'The Topaz model does not know the scale' },
  { line: /invalid value .* for device/i, kind: 'configure-failed', what: 'Topaz does not find the GPU' },
  // ffmpeg itself: a plain build stands where Topaz's should.
  {
    line: /no such filter: '?tvai_/i,
    kind: 'configure-failed',
    what: 'The ffmpeg of the install folder is not Topaz’s',
  },
  {
    line: /decoder.* not found|decoding requested, but no decoder/i,
    kind: 'unsupported',
    what: 'Topaz cannot read the file',
  },
  // TF: a warning, exit 0, and frames are missing.
  { line: /waited too long for processing/i, kind: 'engine-crashed', what: 'Topaz gave up before its last frames' },
  { line: /error processing frame/i, kind: 'engine-crashed', what: 'Topaz lost a frame' },
  { line: /ignoring frame/i, kind: 'engine-crashed', what: 'Topaz left out a frame' },
  { line: /the processing has failed/i, kind: 'engine-crashed', what: 'Topaz could not process a frame' },
];

/** What a line of Topaz's log says is wrong; undefined for a line that says nothing of the kind. */
export function topazFinding(line: string): TopazFinding | undefined {
  const rank = rows.findIndex((row) => row.line.test(line));
  const row = rows[rank];
  if (!row) return undefined;
  const { kind, what, next } = row;
  return { kind, what, rank, ...(next === undefined ? {} : { next }) };
}

/** A line as it may be logged: Topaz prints the e-mail address of whoever is signed in. */
export const withoutAccount = (line: string): string => line.replace(/[^\s@<>"'=:]+@[^\s@<>"',]+/g, '<account>');
