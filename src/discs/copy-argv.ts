/** The ffmpeg command that copies a title, or joined VOBs, into one Matroska file. Nothing is decoded but PCM, which is written anew. Pure. */
import type { Size } from '../domain/geometry.js';
import { fileUrl } from '../media/ffmpeg.js';
import type { Stretch } from './film.js';
import { sizeAsName } from './headers.js';

/** What is copied. */
export interface CopyInput {
  /** ffmpeg's input arguments. */
  readonly argv: readonly string[];
  /** What it reads from its standard input, where these arguments say so. */
  readonly fed?: readonly Stretch[];
  /** The canvas of the subtitles, where ffmpeg knows no palette that it could be written to. */
  readonly canvas?: Size;
  /** For each sound in order, whether it is a DVD's own PCM, which Matroska cannot hold. */
  readonly pcm: readonly boolean[];
}

/**
 * Input of a title. Its chapters are found by reading it once more: the tables' times are rounded cell by cell.
 * @param place absolute path of the image, or of the folder with VIDEO_TS.IFO
 */
export const titleArgv = (place: string, title: number, exactChapters: boolean): string[] => [
  ...['-f', 'dvdvideo', '-title', String(title), '-angle', '1', ...(exactChapters ? ['-preindex', '1'] : [])],
  ...['-i', place],
];

/** Input of film that is fed. VobSubs come late: look far. */
export const fedArgv: readonly string[] = [
  ...['-fflags', '+genpts', '-protocol_whitelist', 'pipe'],
  ...['-probesize', '50M', '-analyzeduration', '50M', '-f', 'mpeg', '-i', 'pipe:0'],
];

/** Arguments after the program and its head. @param seconds of the beginning; all of it where there is none */
export const copyArgv = ({ argv, canvas, pcm }: CopyInput, output: string, seconds?: number): string[] => [
  ...argv,
  ...(seconds === undefined ? [] : ['-t', String(seconds)]),
  ...['-map', '0:v:0', '-map', '0:a?', '-map', '0:s?', '-c', 'copy'],
  ...pcm.flatMap((is, i) => (is ? [`-c:a:${i}`, 'pcm_s24le'] : [])),
  ...(canvas === undefined ? [] : ['-metadata:s:s', sizeAsName(canvas)]),
  // The same disc must give the same bytes; and no subtitle is shown unasked.
  ...['-fflags', '+bitexact', '-flags:a', '+bitexact', '-disposition:s', '-default', '-default_mode', 'infer_no_subs'],
  // Without checksums the header can be completed in place.
  ...['-write_crc32', '0', '-f', 'matroska', fileUrl(output)],
];

/** The same for the picture alone, to standard output: its packets are the copy's. */
export const filmArgv = ({ argv }: CopyInput): string[] => [
  ...[...argv, '-map', '0:v:0', '-c', 'copy', '-fflags', '+bitexact', '-f', 'matroska', 'pipe:1'],
];
