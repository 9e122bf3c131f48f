/** Finds out how film or video lies in a source's frames, by looking at samples of it. */
import { ratio, type CadenceVerdict, type Picture, type SourceInfo } from '../domain/media.js';
import { run } from '../process/run.js';
import { addCounts, idetCounts, NOTHING_COUNTED, samplesOf, type Sample } from './cadence-samples.js';
import { cadenceVerdict, type CadenceCounts } from './cadence-verdict.js';
import { decodeExit } from './decode-exit.js';
import { ffmpegHead, fileUrl, sourceInput, sourceOptions } from './ffmpeg.js';
import type { MediaTools } from './restore-task.js';

/**
 * Verdict on a source's cadence. Sources that cannot hide film or fields in their frames are not decoded.
 * @throws Failure `bad-source` when its frames cannot be decoded
 */
export async function detectCadence(
  tools: MediaTools,
  path: string,
  info: SourceInfo,
  signal?: AbortSignal,
): Promise<CadenceVerdict> {
  if (!mayHideFields(info.picture)) return plainVerdict(info.picture);
  let counts = NOTHING_COUNTED;
  for (const sample of samplesOf(info.durationSeconds)) {
    const idet = await lookAtFields(tools, path, info, sample, signal);
    const flags = await readFlags(tools, path, info, sample, signal);
    counts = addCounts(counts, addCounts(idet, flags));
  }
  return cadenceVerdict(counts, info.picture);
}

/** Rates from here on are those of fields. Soft telecine makes containers guess anything up to 35. */
const FIELD_RATE = 40;

/** Television of standard definition, and whatever says itself that it is interlaced. */
const mayHideFields = ({ height, frameRate, interlaced }: Picture): boolean =>
  interlaced === true || (height <= 576 && ratio(frameRate) < FIELD_RATE);

const plainVerdict = ({ width, height, frameRate }: Picture): CadenceVerdict => ({
  cadence: 'progressive',
  fieldOrder: 'tff',
  confidence: 1,
  evidence: `${width}x${height} at ${ratio(frameRate).toFixed(2)} frames a second, not flagged as interlaced`,
});

async function lookAtFields(
  tools: MediaTools,
  path: string,
  info: SourceInfo,
  { start, seconds }: Sample,
  signal?: AbortSignal,
): Promise<CadenceCounts> {
  const lines: string[] = [];
  const argv = [
    ...ffmpegHead(tools),
    ...['-ss', String(start), '-t', String(seconds)],
    ...sourceInput(path),
    ...['-map', `0:${info.pictureStream}`, '-vf', 'idet,metadata=mode=print:file=-', '-f', 'null', '-'],
  ];
  await run(argv, { ...decodeExit(path), ...(signal ? { signal } : {}), onLine: (line) => lines.push(line) });
  return idetCounts(lines);
}

/** Counts decoded frames and those flagged to be shown a field longer. */
async function readFlags(
  tools: MediaTools,
  path: string,
  info: SourceInfo,
  { start, seconds }: Sample,
  signal?: AbortSignal,
): Promise<CadenceCounts> {
  let decoded = 0;
  let flagged = 0;
  const argv = [
    ...[tools.ffprobe, '-hide_banner', '-v', 'error', ...sourceOptions],
    ...['-select_streams', String(info.pictureStream), '-read_intervals', `${start}%+${seconds}`],
    ...['-show_entries', 'frame=repeat_pict', '-of', 'csv=print_section=0', fileUrl(path)],
  ];
  const onLine = (line: string) => {
    const repeat = /^(\d+)/.exec(line)?.[1];
    if (repeat === undefined) return;
    decoded += 1;
    if (repeat !== '0') flagged += 1;
  };
  await run(argv, {
    failure: { kind: 'bad-source', what: `ffprobe could not decode ${path}` },
    ...(signal ? { signal } : {}),
    onLine,
  });
  return { ...NOTHING_COUNTED, decoded, flagged };
}
