/** Where a result can be opened without decoding what lies before: a 4K frame in the middle of a group may cost ten seconds. */
import type { Tools } from '../domain/tools.js';
import { ownInput } from '../media/ffmpeg.js';
import { run } from '../process/run.js';

/**
 * Times, in seconds of the result's own clock, of the key frames at or before the given ones; each once, rising.
 * @throws Failure `bad-source` when the result cannot be read, `cancelled`
 */
export async function keyFramesBefore(
  tools: Pick<Tools, 'ffprobe'>,
  path: string,
  seconds: readonly number[],
  signal: AbortSignal,
): Promise<number[]> {
  // One packet of each interval: ffprobe starts at the key frame that a player would start from.
  const intervals = seconds.map((moment) => `${moment.toFixed(3)}%+#1`).join(',');
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const argv = [tools.ffprobe, '-v', 'error', '-read_intervals', intervals, ...entries, ...ownInput(path)];
  const { stdout } = await run(argv, { signal, failure: { kind: 'bad-source', what: `${path} cannot be read` } });
  const times = stdout.split('\n').map(parseFloat).filter(Number.isFinite);
  return [...new Set(times)].sort((a, b) => a - b);
}
