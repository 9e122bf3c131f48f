/** Whether an ffmpeg can do what TAAF asks of it. Builds differ: one without zlib blanks compressed VobSubs and says nothing. */
import { Failure } from '../domain/failures.js';
import { run } from '../process/run.js';

export interface FfmpegFacts {
  /** As the program says it, without a leading `n`: `9.0.2-17-g2a571b6068`. */
  readonly version: string;
  /** What TAAF needs and this build lacks: names of encoders, filters and libraries. */
  readonly missing: readonly string[];
}

const encoders = ['png', 'libx265', 'ffv1'];
/** XPSNR came with ffmpeg 7.1. */
const filters = ['zscale', 'xpsnr'];

/** A PNG's pixels are a zlib stream: who encodes one has zlib, whatever the build's text says. */
export const pngArgv = (ffmpeg: string): string[] => [
  ...[ffmpeg, '-nostdin', '-hide_banner', '-v', 'error'],
  ...['-f', 'lavfi', '-i', 'color=s=16x16', '-frames:v', '1', '-c:v', 'png', '-f', 'null', '-'],
];

/** Second column of a listing such as ` V....D png   PNG image`: the exact names, not words of their descriptions. */
export const listedNames = (listing: string): ReadonlySet<string> =>
  new Set(listing.split('\n').flatMap((line) => /^ [A-Z.]{2,6} (\S+) /.exec(line)?.[1] ?? []));

/** @throws Failure `tool-missing` when the program does not run at all */
export async function checkFfmpeg(ffmpeg: string): Promise<FfmpegFacts> {
  const failure = { kind: 'tool-missing', what: `${ffmpeg} does not run` } as const;
  const ask = async (option: string) => (await run([ffmpeg, '-hide_banner', option], { failure })).stdout;
  const [banner, encoding, filtering] = await Promise.all([ask('-version'), ask('-encoders'), ask('-filters')]);
  const lacks = (wanted: readonly string[], listing: string) =>
    wanted.filter((name) => !listedNames(listing).has(name));
  const missing = [...lacks(encoders, encoding), ...lacks(filters, filtering)];
  const version = /^ffmpeg version n?(\S+)/.exec(banner)?.[1] ?? 'unknown';
  return { version, missing: (await encodesPng(ffmpeg)) ? missing : ['zlib', ...missing] };
}

async function encodesPng(ffmpeg: string): Promise<boolean> {
  try {
    await run(pngArgv(ffmpeg));
    return true;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'bug') return false;
    throw error;
  }
}

/** @throws Failure `tool-missing` that names what the build lacks */
export async function requireFfmpeg(ffmpeg: string): Promise<FfmpegFacts> {
  const facts = await checkFfmpeg(ffmpeg);
  if (facts.missing.length === 0) return facts;
  throw new Failure('tool-missing', `${ffmpeg} (${facts.version}) lacks ${facts.missing.join(', ')}`, {
    next: 'Set tools.ffmpeg to auto in config.yaml, then run: taaf setup',
  });
}
