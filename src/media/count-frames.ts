/** Counts the frames of a file that TAAF made, and reads the picture's shape. */
import { z } from 'zod';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';
import { fileUrl } from './ffmpeg.js';

const answer = z.object({
  streams: z.tuple([
    z.object({
      width: z.number(),
      height: z.number(),
      pix_fmt: z.string(),
      nb_read_packets: z.coerce.number(),
    }),
  ]),
});

export interface CountedPicture {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
}

/**
 * Counts by reading every packet: in files with a packet per frame this is exact.
 * @throws Failure `verify-failed` when the file cannot be read
 */
export async function countFrames(
  tools: Pick<Tools, 'ffprobe'>,
  path: string,
  signal?: AbortSignal,
): Promise<CountedPicture> {
  const what = `${path} cannot be read back`;
  const argv = [tools.ffprobe, '-hide_banner', '-v', 'error', '-protocol_whitelist', 'file', '-of', 'json'];
  const entries = ['-select_streams', 'v:0', '-count_packets', '-show_entries'];
  const { stdout } = await run([...argv, ...entries, 'stream=width,height,pix_fmt,nb_read_packets', fileUrl(path)], {
    failure: { kind: 'verify-failed', what },
    ...(signal ? { signal } : {}),
  });
  const checked = answer.safeParse(JSON.parse(stdout));
  if (!checked.success) throw new Failure('verify-failed', what, { evidence: z.prettifyError(checked.error) });
  const [{ width, height, pix_fmt: pixelFormat, nb_read_packets: frames }] = checked.data.streams;
  return { frames, width, height, pixelFormat };
}
