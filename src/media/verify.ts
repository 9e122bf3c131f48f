/** Nothing is delivered that differs from what the source and the manifest promise. */
import { rm } from 'node:fs/promises';
import { Failure } from '../domain/failures.js';
import type { Job, Manifest } from '../domain/job.js';
import { secondsOf, type SourceInfo, type SourceStream } from '../domain/media.js';
import type { MediaTools } from '../domain/tools.js';
import { attachmentHashes } from './attachments.js';
import { captionPackets, readCaptions } from './captions.js';
import { clockShift } from './clock.js';
import { contractBreaches } from './contract.js';
import { ownInput, sourceInput } from './ffmpeg.js';
import { frameHashes, type FrameHash } from './frame-hashes.js';
import { probe } from './probe.js';
import { carriedAs, isBitmapSubtitle, packetStreams } from './streams.js';
import { subtitlePictures } from './subtitle-pictures.js';
import { copyBreaches, frameBreaches } from './timing.js';

export interface Verification {
  readonly job: Pick<Job, 'info' | 'target'>;
  readonly manifest: Manifest;
  /** Absolute paths. */
  readonly source: string;
  readonly result: string;
}

/** A file with its facts, as both sides of the comparison have them. */
interface Side {
  readonly file: string;
  readonly info: SourceInfo;
  /** ffmpeg's input arguments, the clock moved as the mux moved it. */
  readonly input: readonly string[];
}

/**
 * Compares a muxed result with its source: every stream with its tags, every copied packet with its time, subtitles by their pictures too,
 * and the time stamp of every frame.
 * @returns what the result is
 * @throws Failure `verify-failed` naming what differs; all differences of the same check are its evidence
 */
export async function verifyResult(tools: MediaTools, task: Verification, signal?: AbortSignal): Promise<SourceInfo> {
  const { job, manifest } = task;
  const shift = secondsOf(clockShift(job.info, manifest));
  const info = await probe(tools, task.result, signal);
  const captions = await captionsOwed(tools, task, shift, signal);
  const owed = contractBreaches(job.info, info, shift, captions.length > 0);
  refuse(task, [...pictureBreaches(info, job.target), ...owed]);
  refuse(task, await attachmentBreaches(tools, task, signal));

  const moved = ['-itsoffset', shift.toFixed(6), ...sourceInput(task.source)];
  const source: Side = { file: task.source, info: job.info, input: moved };
  const result: Side = { file: task.result, info, input: ownInput(task.result) };
  const [picture = [], ...copied] = await packetsOf(tools, result, [pictureMap(info)], signal);
  const times = picture.map(({ time }) => time);
  refuse(task, frameBreaches(times, manifest, shift));
  const original = await packetsOf(tools, source, [], signal);
  refuse(task, compared('packet', packetStreams(job.info), original, copied));

  // They are the last of the result's tracks; the contract has said so.
  const made = captions.length > 0 ? (copied.at(-1) ?? []) : [];
  refuse(task, copyBreaches('closed captions', 'cue', captions, made));

  // A disc may promise a subtitle that it never shows.
  const silent = packetStreams(job.info).filter((_, i) => original[i]?.length === 0);
  refuse(task, await subtitleBreaches(tools, { source, result, silent }, signal));
  return info;
}

/** The source's captions, read once more: what the mux made of them counts for nothing here. */
async function captionsOwed(
  tools: MediaTools,
  { job: { info }, source, result }: Verification,
  shift: number,
  signal?: AbortSignal,
): Promise<readonly FrameHash[]> {
  const folder = `${result}.captions`;
  try {
    const file = await readCaptions(tools, { info, source, folder, signal });
    return file === undefined ? [] : await captionPackets(tools, file, shift, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuse({ result }: Verification, breaches: readonly string[]): void {
  const [first] = breaches;
  if (first === undefined) return;
  throw new Failure('verify-failed', `${result} is not what its source demands: ${first}`, {
    evidence: breaches.join('; '),
  });
}

function pictureBreaches({ picture }: SourceInfo, target: Job['target']): string[] {
  const { width, height, sar } = picture;
  return [
    ...(width === target.width && height === target.height
      ? []
      : [`picture: ${width}x${height}, not ${target.width}x${target.height}`]),
    ...(sar.num === sar.den ? [] : [`picture: its pixels are ${sar.num}:${sar.den}, not square`]),
  ];
}

const pictureMap = ({ pictureStream }: SourceInfo): string => `0:${pictureStream}`;

/** The packets of all copied streams, those of `first` before them, in the form in which the result holds them. */
async function packetsOf(
  tools: MediaTools,
  { file, info, input }: Side,
  first: readonly string[],
  signal?: AbortSignal,
): Promise<readonly FrameHash[][]> {
  const streams = packetStreams(info);
  const maps = [...first, ...streams.map(({ index }) => `0:${index}`)].flatMap((map) => ['-map', map]);
  if (maps.length === 0) return [];
  const codecs = streams.flatMap((stream, i) => packetForm(stream, i + first.length));
  return frameHashes(tools, ['-copyts', ...input, ...maps, '-c', 'copy', ...codecs], { file, hash: 'murmur3', signal });
}

function packetForm(stream: SourceStream, output: number): string[] {
  // Matroska strips the ADTS headers that AAC has in a transport stream; without such headers the filter does nothing.
  if (stream.codec === 'aac') return [`-bsf:${output}`, 'aac_adtstoasc'];
  return carriedAs(stream) === 'copy' ? [] : [`-c:${output}`, carriedAs(stream)];
}

function compared(
  what: string,
  streams: readonly SourceStream[],
  source: readonly FrameHash[][],
  result: readonly FrameHash[][],
): string[] {
  return streams.flatMap((stream, i) =>
    copyBreaches(`${stream.kind} (stream ${stream.index} of the source)`, what, source[i] ?? [], result[i] ?? []),
  );
}

async function attachmentBreaches(tools: MediaTools, task: Verification, signal?: AbortSignal): Promise<string[]> {
  const owed = await attachmentHashes(tools, task.source, signal);
  const got = await attachmentHashes(tools, task.result, signal);
  return owed.flatMap((hash, i) => (hash === got[i] ? [] : [`attachment ${i + 1}: its content is not the source's`]));
}

async function subtitleBreaches(
  tools: MediaTools,
  { source, result, silent }: { source: Side; result: Side; silent: readonly SourceStream[] },
  signal?: AbortSignal,
): Promise<string[]> {
  const streams = packetStreams(source.info).filter(isBitmapSubtitle);
  const paint = ({ file, info, input }: Side): Promise<FrameHash[][]> =>
    subtitlePictures(tools, input, packetStreams(info).filter(isBitmapSubtitle), { file, signal });
  const [owed, got] = [await paint(source), await paint(result)];
  const blank = streams.filter((stream, i) => got[i]?.length === 0 && !silent.includes(stream));
  return [
    ...blank.map(({ index }) => `subtitle (stream ${index} of the source): no picture of it can be seen`),
    ...compared('picture', streams, owed, got),
  ];
}
