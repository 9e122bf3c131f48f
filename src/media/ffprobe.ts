/** Asks ffprobe about a file and checks every word of its answer: a file from anywhere wrote it. */
import { z } from 'zod';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';
import { fileUrl, sourceOptions } from './ffmpeg.js';

/** Headers are read in a blink; a file that takes longer than this many milliseconds is broken or built to hang us. */
const TIME_LIMIT = 60_000;

const text = z.string().max(4096);
const name = z.string().regex(/^[\w.,-]{1,100}$/);
const seconds = z.coerce.number().optional().catch(undefined);
const length = z.number().int().min(0).max(65_536).optional();
const tags = z.record(text, text).optional();

const stream = z.object({
  index: z.number().int().min(0).max(1000),
  codec_type: name.optional(),
  codec_name: name.optional(),
  width: length,
  height: length,
  sample_aspect_ratio: text.optional(),
  pix_fmt: name.optional(),
  avg_frame_rate: text.optional(),
  r_frame_rate: text.optional(),
  field_order: name.optional(),
  color_primaries: name.optional(),
  color_transfer: name.optional(),
  color_space: name.optional(),
  color_range: name.optional(),
  start_time: seconds,
  duration: seconds,
  channels: length,
  sample_rate: seconds,
  disposition: z.record(name, z.number()).optional(),
  tags,
});

const chapter = z.object({ start_time: z.coerce.number(), end_time: z.coerce.number(), tags });

const answer = z.object({
  streams: z.array(stream).max(1000).default([]),
  chapters: z.array(chapter).max(10_000).default([]),
  format: z.object({ format_name: name, duration: seconds, size: z.coerce.number().int().min(0), tags }),
});

export type ProbedStream = z.infer<typeof stream>;
export type Probed = z.infer<typeof answer>;

/** argv that prints a file's headers as JSON. */
export const probeArgv = (tools: Pick<Tools, 'ffprobe'>, path: string): string[] => [
  tools.ffprobe,
  '-hide_banner',
  '-v',
  'error',
  ...sourceOptions,
  '-of',
  'json',
  '-show_format',
  '-show_streams',
  '-show_chapters',
  fileUrl(path),
];

/**
 * Headers of a media file.
 * @throws Failure `bad-source` when it is not one, or says things that cannot be
 */
export async function readHeaders(tools: Pick<Tools, 'ffprobe'>, path: string, signal?: AbortSignal): Promise<Probed> {
  const what = `${path} cannot be read as a video`;
  const limit = AbortSignal.timeout(TIME_LIMIT);
  const { stdout } = await run(probeArgv(tools, path), {
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    failure: { kind: 'bad-source', what },
  }).catch((error: unknown) => {
    if (!limit.aborted || signal?.aborted) throw error;
    throw new Failure('bad-source', what, {
      evidence: `ffprobe took longer than ${TIME_LIMIT / 1000} s`,
      cause: error,
    });
  });
  const checked = answer.safeParse(parsed(stdout));
  if (checked.success) return checked.data;
  throw new Failure('bad-source', what, { evidence: z.prettifyError(checked.error).replaceAll('\n', ' ') });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // An answer that is no JSON fails the check like any other nonsense.
    return undefined;
  }
}
