/** Closed captions (EIA-608) that lie in the user data of an MPEG-2 picture: found by a few looks, read out as SubRip with the source's times. */
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { resolve, join } from 'node:path';
import type { SourceInfo } from '../domain/media.js';
import type { Tools } from '../domain/tools.js';
import { ffmpegExitKind } from '../process/ffmpeg-exit.js';
import { run } from '../process/run.js';
import { CONTAINERS, ffmpegHead, ownInput, sourceInput } from './ffmpeg.js';
import { frameHashes, type FrameHash } from './frame-hashes.js';
import { captionsOf } from './subrip.js';

/** Where a film is looked into, as shares of its length, and for how many seconds: a logo before the film has no captions. */
const LOOKS = [0, 1 / 3, 2 / 3];
const LOOK_SECONDS = 10;

/**
 * Whether an MPEG-2 picture has caption data beside it; at most 30 seconds of it are decoded, of other codecs nothing.
 * Data may be there and never say anything.
 */
export async function hasCaptions(
  tools: Pick<Tools, 'ffmpeg'>,
  path: string,
  { picture, pictureStream, durationSeconds }: SourceInfo,
  signal?: AbortSignal,
): Promise<boolean> {
  if (picture.codec !== 'mpeg2video') return false;
  for (const share of LOOKS) {
    const argv = [
      ...ffmpegHead(tools),
      ...['-noaccurate_seek', '-ss', (share * durationSeconds).toFixed(3), '-t', `${LOOK_SECONDS}`],
      ...[...sourceInput(path), '-map', `0:${pictureStream}`, '-vf', 'sidedata=mode=select:type=A53_CC'],
      ...['-frames:v', '1', '-f', 'framehash', '-hash', 'murmur3', 'pipe:1'],
    ];
    // A place that cannot be decoded says nothing here: that the source is damaged is found, and said, by who reads all of it.
    const found = await run(argv, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    if (found && /^\d/m.test(found.stdout)) return true;
  }
  return false;
}

interface CaptionTask {
  readonly info: SourceInfo;
  /** Absolute. */
  readonly source: string;
  /** Folder for this alone; it is made anew, and the caller removes it. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a source's captions before any frame of it is dropped: the whole picture is decoded, in the order of showing.
 * @returns the SubRip file, its times on the source's own clock; nothing where no caption is ever shown
 * @throws Failure `bad-source` when the picture cannot be decoded
 */
export async function readCaptions(tools: Pick<Tools, 'ffmpeg'>, task: CaptionTask): Promise<string | undefined> {
  const { info, source, folder, signal } = task;
  if (!info.picture.captions) return undefined;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  // The path would stand within the text of a filter; no quoting there is safe for every name.
  await symlink(resolve(source), join(folder, 'source'));
  const file = join(folder, 'captions.srt');
  const argv = [
    ...[...ffmpegHead(tools), '-copyts', '-f', 'lavfi', '-i', captionsInput(info.pictureStream)],
    ...['-map', '0:s', '-f', 'srt', 'captions.srt'],
  ];
  await run(argv, {
    cwd: folder,
    failure: { kind: 'bad-source', what: `The captions of ${source} cannot be read` },
    exitKind: ffmpegExitKind,
    ...(signal ? { signal } : {}),
  });
  const text = captionsOf(await readFile(file, 'utf8'));
  if (text === '') return undefined;
  await writeFile(file, text);
  return file;
}

/** `movie` opens what it is told like any input: the same limits hold as for the source elsewhere. */
function captionsInput(stream: number): string {
  const limits = ['protocol_whitelist=file', `format_whitelist=${CONTAINERS}`, 'probesize=50M', 'analyzeduration=50M'];
  return `movie=source:s=${stream}:format_opts='${limits.join('\\:')}'[out0+subcc]`;
}

/** Captions as they were read, as packets whose times are moved by `shift` seconds. */
export async function captionPackets(
  tools: Pick<Tools, 'ffmpeg'>,
  file: string,
  shift: number,
  signal?: AbortSignal,
): Promise<readonly FrameHash[]> {
  const argv = ['-copyts', '-itsoffset', shift.toFixed(6), ...ownInput(file), '-map', '0:s', '-c', 'copy'];
  const [packets = []] = await frameHashes(tools, argv, { file, hash: 'murmur3', signal });
  return packets;
}
