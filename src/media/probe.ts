/** What a source video is: its headers as the facts that the plan carries. */
import { stat } from 'node:fs/promises';
import { codeOf } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import { ratio, type Picture, type Rational, type SourceInfo, type SourceStream } from '../domain/media.js';
import type { MediaTools } from '../domain/tools.js';
import { hasCaptions } from './captions.js';
import { colourOf } from './colour.js';
import { readHeaders, type Probed, type ProbedStream } from './ffprobe.js';
import { labelsOf, streamOf } from './probed-stream.js';

/**
 * Reads a source's headers; of its packets only the few that show whether an MPEG-2 picture has captions.
 * @throws Failure `bad-source`: missing, empty, not a video or truncated beyond reading; `unsupported`: nothing in it is a moving picture;
 *         `permission`: it may not be read
 */
export async function probe(tools: MediaTools, path: string, signal?: AbortSignal): Promise<SourceInfo> {
  await checkFile(path);
  const headers = await readHeaders(tools, path, signal);
  const shown = headers.streams.find(isMovingPicture);
  if (!shown) throw new Failure('unsupported', `${path} has no moving picture`, { evidence: kindsIn(headers) });
  const duration = headers.format.duration;
  if (duration === undefined || !(duration > 0)) {
    throw new Failure('bad-source', `${path} does not say how long it is`, {
      evidence: `container ${headers.format.format_name} without a duration`,
      next: 'Remux it, for example with: ffmpeg -i <file> -map 0 -c copy <new>.mkv',
    });
  }
  const info = sourceOf(path, headers, shown, duration);
  const captions = await hasCaptions(tools, path, info, signal);
  return captions ? { ...info, picture: { ...info.picture, captions } } : info;
}

async function checkFile(path: string): Promise<void> {
  try {
    const { size } = await stat(path);
    if (size > 0) return;
  } catch (error) {
    const kind = codeOf(error) === 'EACCES' ? 'permission' : 'bad-source';
    throw new Failure(kind, `${path} cannot be read`, { evidence: codeOf(error) ?? 'unknown error', cause: error });
  }
  throw new Failure('bad-source', `${path} is empty`, { evidence: '0 bytes' });
}

const isMovingPicture = (stream: ProbedStream): boolean =>
  stream.codec_type === 'video' && !stream.disposition?.['attached_pic'] && !stream.disposition?.['still_image'];

const kindsIn = ({ streams }: Probed): string =>
  streams.length === 0 ? 'no streams at all' : `only ${streams.map((s) => s.codec_type ?? 'unknown').join(', ')}`;

function sourceOf(path: string, headers: Probed, shown: ProbedStream, durationSeconds: number): SourceInfo {
  const { format, streams, chapters } = headers;
  const title = format.tags?.['title'] ?? format.tags?.['TITLE'];
  return {
    container: format.format_name,
    bytes: format.size,
    durationSeconds,
    picture: pictureOf(path, shown),
    pictureStream: shown.index,
    streams: streams.filter((stream) => stream !== shown).map((stream): SourceStream => streamOf(stream)),
    chapters: chapters.map(({ start_time: startSeconds, end_time: endSeconds, tags }) => ({
      startSeconds,
      endSeconds,
      ...(tags?.['title'] === undefined ? {} : { title: tags['title'] }),
    })),
    ...(title === undefined ? {} : { title }),
  };
}

function pictureOf(path: string, stream: ProbedStream): Picture {
  const { width, height, codec_name: codec, pix_fmt: pixelFormat } = stream;
  if (codec === undefined || codec === 'unknown') {
    throw new Failure('unsupported', `${path} has a picture in an unknown format`, {
      evidence: `stream ${stream.index}`,
    });
  }
  if (!width || !height || pixelFormat === undefined) {
    throw new Failure('bad-source', `${path} holds no readable picture`, {
      evidence: `${codec} without ${width && height ? 'a pixel format' : 'a size'}`,
    });
  }
  const frameRate = frameRateOf(stream);
  const length = pictureSeconds(stream);
  return {
    codec,
    width,
    height,
    sar: fraction(stream.sample_aspect_ratio, ':') ?? { num: 1, den: 1 },
    pixelFormat,
    frameRate,
    colour: colourOf(stream, width, height, ratio(frameRate)),
    ...(length === undefined ? {} : { durationSeconds: length }),
    ...(isInterlaced(stream) ? { interlaced: true } : {}),
    labels: labelsOf(stream),
  };
}

const NTSC: Rational = { num: 30000, den: 1001 };

/** The average as stated; but soft telecine on a DVD makes it a guess (31, 57/2…, or 30 where the raw rate says NTSC). */
function frameRateOf(stream: ProbedStream): Rational {
  const average = fraction(stream.avg_frame_rate, '/');
  const raw = fraction(stream.r_frame_rate, '/');
  const rate = average === undefined ? 0 : ratio(average);
  const guessed = stream.codec_name === 'mpeg2video' && average?.den !== 1001 && rate > 25 && rate < 36;
  if (guessed && (rate !== 30 || raw?.den === 1001)) return NTSC;
  return average ?? raw ?? { num: 25, den: 1 };
}

const isInterlaced = ({ field_order: order }: ProbedStream): boolean =>
  order !== undefined && /^(tt|bb|tb|bt)$/.test(order);

/** Two positive numbers, as in `8:9` or `30000/1001`. */
function fraction(words: string | undefined, mark: string): Rational | undefined {
  const [num, den, ...rest] = (words ?? '').split(mark).map(Number);
  if (num === undefined || den === undefined || rest.length > 0) return undefined;
  const fine = [num, den].every((n) => Number.isSafeInteger(n) && n > 0 && n < 2 ** 31);
  return fine ? { num, den } : undefined;
}

/** Length of the picture alone: its own duration, or Matroska's tag, which counts from the clock's zero. */
function pictureSeconds(stream: ProbedStream): number | undefined {
  if (stream.duration !== undefined && stream.duration > 0) return stream.duration;
  const [hours, minutes, seconds] = (stream.tags?.['DURATION'] ?? '').split(':').map(Number);
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  const end = hours * 3600 + minutes * 60 + seconds;
  return end > 0 ? end - Math.max(0, stream.start_time ?? 0) : undefined;
}
