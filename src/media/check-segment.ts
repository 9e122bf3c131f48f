/** An encoded segment is what it should be, or it is not delivered. */
import { z } from 'zod';
import type { MediaTools } from '../domain/tools.js';
import { Failure } from '../domain/failures.js';
import { lastLine, run } from '../process/run.js';
import { ffmpegHead, ownInput, progressOptions, readProgress } from './ffmpeg.js';

export interface SegmentShape {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Filters that leave nothing but the parameter sets of a first packet. What else stands in the headers may differ between machines:
 * x265 writes its thread count there.
 */
const parameterSets: Readonly<Record<string, string>> = {
  hevc: 'hevc_mp4toannexb,filter_units=pass_types=32-34',
  h264: 'h264_mp4toannexb,filter_units=pass_types=7-8',
  av1: 'filter_units=pass_types=1',
};

const fact = z.union([z.string(), z.number()]);

/** What ffprobe says of the segment's picture. */
const answer = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string(),
      nb_read_packets: fact.optional(),
      width: fact.optional(),
      height: fact.optional(),
      sample_aspect_ratio: fact.optional(),
      color_primaries: fact.optional(),
      color_transfer: fact.optional(),
      color_space: fact.optional(),
      extradata_hash: z.string().optional(),
    }),
  ),
});

type Header = z.infer<typeof answer>['streams'][number];

/**
 * Checks a segment: exact number of frames, as packets and decoded; size; square pixels; colours tagged BT.709.
 * @returns the SHA-256 of the encoder's parameter sets: segments that differ in it cannot be joined
 * @throws Failure `verify-failed` naming the first thing that is wrong
 */
export async function checkSegment(
  tools: MediaTools,
  file: string,
  shape: SegmentShape,
  signal?: AbortSignal,
): Promise<{ readonly parameterSets: string }> {
  const header = await readHeader(tools, file, signal);
  const wrong = shapeBreach(header, shape);
  if (wrong !== undefined)
    throw new Failure('verify-failed', `${file} is not the segment it should be`, { evidence: wrong });
  const frames = await decodedFrames(tools, file, signal);
  if (frames !== shape.frames) {
    throw new Failure('verify-failed', `${file} does not decode to all its frames`, {
      evidence: `${frames} frames decoded, ${shape.frames} wanted`,
    });
  }
  return { parameterSets: await parameterSetsOf(tools, file, header, signal) };
}

async function readHeader(tools: MediaTools, file: string, signal?: AbortSignal): Promise<Header> {
  const facts = ['-count_packets', '-show_streams', '-show_data_hash', 'sha256', '-select_streams', 'v', '-of', 'json'];
  const { stdout } = await run([tools.ffprobe, '-v', 'error', ...facts, ...ownInput(file)], {
    ...(signal ? { signal } : {}),
    failure: { kind: 'verify-failed', what: `${file} is no readable video` },
  });
  const { streams } = answer.parse(JSON.parse(stdout));
  const [header] = streams;
  if (header !== undefined && streams.length === 1) return header;
  throw new Failure('verify-failed', `${file} does not hold one picture`, {
    evidence: `${streams.length} video streams`,
  });
}

/** What is wrong with a segment's header, as one line; nothing when all is right. */
export function shapeBreach(header: Header, { frames, width, height }: SegmentShape): string | undefined {
  const wanted = {
    nb_read_packets: frames,
    width,
    height,
    sample_aspect_ratio: '1:1',
    color_primaries: 'bt709',
    color_transfer: 'bt709',
    color_space: 'bt709',
  } satisfies Partial<Record<keyof Header, string | number>>;
  for (const [name, value] of Object.entries(wanted)) {
    const found = header[name as keyof typeof wanted] ?? 'unknown';
    if (String(found) !== String(value)) return `${name} is ${found}, not ${value}`;
  }
  return undefined;
}

async function decodedFrames(tools: MediaTools, file: string, signal?: AbortSignal): Promise<number> {
  let frames = 0;
  const what = `${file} does not decode without errors`;
  const strict = ['-xerror', '-err_detect', 'explode', ...ownInput(file)];
  const output = ['-map', '0:v:0', '-fps_mode', 'passthrough', ...progressOptions, '-f', 'null', '-'];
  const { stderr } = await run([...ffmpegHead(tools), ...strict, ...output], {
    ...(signal ? { signal } : {}),
    onLine: readProgress((done) => (frames = done)),
    failure: { kind: 'verify-failed', what },
  });
  // FFV1 reports a slice whose checksum is wrong, conceals it, and ends well.
  const complaint = lastLine(stderr);
  if (complaint !== undefined) throw new Failure('verify-failed', what, { evidence: complaint });
  return frames;
}

async function parameterSetsOf(tools: MediaTools, file: string, header: Header, signal?: AbortSignal): Promise<string> {
  const filter = parameterSets[header.codec_name];
  // FFV1 keeps its parameters in the container's header alone, and ProRes in every frame.
  if (filter === undefined) return header.extradata_hash?.replace(/^SHA256:/, '') ?? header.codec_name;
  const output = ['-map', '0:v:0', '-c', 'copy', '-frames:v', '1', '-bsf:v', filter];
  const { stdout } = await run(
    [...ffmpegHead(tools), ...ownInput(file), ...output, '-f', 'hash', '-hash', 'sha256', 'pipe:1'],
    {
      ...(signal ? { signal } : {}),
      failure: { kind: 'verify-failed', what: `${file} holds no parameter sets` },
    },
  );
  return stdout.trim().replace(/^SHA256=/, '');
}
