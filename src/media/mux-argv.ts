/** The one ffmpeg command that joins the picture and puts everything else of the source beside it. Nothing is decoded. Pure. */
import { secondsOf, type SourceInfo, type SourceStream, type StreamLabels } from '../domain/media.js';
import { fileUrl, ownInput, sourceInput } from './ffmpeg.js';
import {
  attachedAs,
  captionTrack,
  carriedAs,
  carriedStreams,
  isCover,
  keptDispositions,
  labelsOfPicture,
} from './streams.js';

export interface Mux {
  readonly info: SourceInfo;
  readonly source: string;
  /** Files that hold the concat list and the retiming filter. */
  readonly list: string;
  readonly times: string;
  /** Files that hold the source's covers. */
  readonly covers: readonly Cover[];
  /** SubRip file with the source's captions, where it has any; they come after all other subtitles. */
  readonly captions?: string | undefined;
  /** What every time stamp of the source is moved by; the filter has it in it already. */
  readonly shiftTicks: number;
  readonly output: string;
}

/** A cover of the source, taken out: ffmpeg would copy it as one more video track. */
export interface Cover {
  readonly stream: SourceStream;
  readonly file: string;
}

/** Arguments that take covers out of a source. */
export const coversArgv = (source: string, covers: readonly Cover[]): string[] => [
  ...sourceInput(source),
  ...covers.flatMap(({ stream, file }) => [
    ...['-map', `0:${stream.index}`, '-c', 'copy', '-frames:v', '1', '-f', 'image2pipe', fileUrl(file)],
  ]),
];

const LIST = 0;
const SOURCE = 1;
const CAPTIONS = 2;

/** Arguments after the program and its head. */
export function muxArgv(mux: Mux): string[] {
  const carried = carriedStreams(mux.info).filter((stream) => !isCover(stream));
  const shift = ['-itsoffset', secondsOf(mux.shiftTicks).toFixed(6)];
  const captions = mux.captions === undefined ? [] : [captionTrack(mux.info)];
  const beforeCovers = 1 + carried.length + captions.length;
  return [
    // Every time stamp stays as it is: without this ffmpeg moves each input to 0 by itself, and the offsets are gone.
    '-copyts',
    // Without this a segment that cannot be opened ends the picture early, and ffmpeg ends well.
    '-xerror',
    ...['-f', 'concat', '-safe', '0', '-auto_convert', '0', ...ownInput(mux.list)],
    ...[...shift, ...sourceInput(mux.source)],
    ...(mux.captions === undefined ? [] : [...shift, ...ownInput(mux.captions)]),
    ...['-map', `${LIST}:v:0`, ...carried.flatMap(({ index }) => ['-map', `${SOURCE}:${index}`])],
    ...captions.flatMap(() => ['-map', `${CAPTIONS}:s`]),
    ...['-c', 'copy', ...carried.flatMap(codecArgv), '-/bsf:v:0', mux.times],
    ...['-map_metadata', `${SOURCE}`, '-map_chapters', `${SOURCE}`],
    ...pictureArgv(mux.info),
    ...carried.flatMap(tagArgv),
    ...captions.flatMap((track) => madeArgv(track, 1 + carried.length)),
    ...mux.covers.flatMap((cover, i) => attachArgv(cover, beforeCovers + i)),
    ...['-default_mode', 'passthrough', '-avoid_negative_ts', 'disabled'],
    ...['-f', 'matroska', fileUrl(mux.output)],
  ];
}

function codecArgv(stream: SourceStream, i: number): string[] {
  const codec = carriedAs(stream);
  return codec === 'copy' ? [] : [`-c:${i + 1}`, codec];
}

/** Language and name of the picture are the source's; its other tags (bit rates, counts) told of the old picture. */
function pictureArgv(info: SourceInfo): string[] {
  const labels = labelsOfPicture(info);
  const { language = 'und', title } = labels;
  return [
    ...['-map_metadata:s:0', '-1', '-metadata:s:0', `language=${language}`],
    ...(title === undefined ? [] : ['-metadata:s:0', `title=${title}`]),
    ...dispositionArgv(labels, 0),
  ];
}

// Named one by one: a single mapping of metadata switches off ffmpeg's own for all streams.
const tagArgv = (stream: SourceStream, i: number): string[] => [
  ...[`-map_metadata:s:${i + 1}`, `${SOURCE}:s:${stream.index}`],
  ...dispositionArgv(stream, i + 1),
];

/** Labels of a track that no stream of the source brings along. */
function madeArgv(track: SourceStream, output: number): string[] {
  const { language = 'und', title = '' } = track;
  const tags = [`language=${language}`, `title=${title}`].flatMap((tag) => [`-metadata:s:${output}`, tag]);
  return [...tags, ...dispositionArgv(track, output)];
}

function attachArgv({ stream, file }: Cover, output: number): string[] {
  const tags = Object.entries(attachedAs(stream)).map(([name, value]) => `${name}=${value}`);
  return ['-attach', fileUrl(file), ...tags.flatMap((tag) => [`-metadata:s:${output}`, tag])];
}

// Always said: ffmpeg would otherwise make the first of several streams the default.
const dispositionArgv = (labels: StreamLabels, output: number): string[] => [
  `-disposition:${output}`,
  keptDispositions(labels).join('+') || '0',
];
