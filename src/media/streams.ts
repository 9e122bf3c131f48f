/** Which streams of a source go into the result beside the picture, and in which form. Pure. */
import type { SourceInfo, SourceStream, StreamLabels } from '../domain/media.js';

/** What Matroska cannot hold as it is, and the lossless form that it can: DVD's own PCM, and MP4's text subtitles. */
const rewritten: Readonly<Record<string, string>> = {
  pcm_dvd: 'pcm_s24le',
  pcm_bluray: 'pcm_s24le',
  mov_text: 'subrip',
};

/** Encoder for a carried stream, `copy` for almost all. */
export const carriedAs = (stream: SourceStream): string => rewritten[stream.codec] ?? 'copy';

/** Codecs whose subtitles are pictures. */
const bitmaps = new Set(['dvd_subtitle', 'dvb_subtitle', 'hdmv_pgs_subtitle', 'xsub']);

export const isBitmapSubtitle = (stream: SourceStream): boolean =>
  stream.kind === 'subtitle' && bitmaps.has(stream.codec);

/** All streams that go into the result beside the picture, in the source's order. Navigation and other data have no place in Matroska. */
export const carriedStreams = (info: SourceInfo): SourceStream[] => info.streams.filter(({ kind }) => kind !== 'data');

/**
 * The text track that a source's closed captions become. Caption channel 1 is all that discs use; whether its language is that of
 * the sound nobody says, so it has the picture's or none.
 */
export function captionTrack({ picture, streams }: SourceInfo): SourceStream {
  const language = picture.labels?.language;
  return {
    ...{ index: streams.length + 1, kind: 'subtitle', codec: 'subrip', title: 'Closed captions' },
    ...(language === undefined ? {} : { language }),
    dispositions: ['hearing_impaired'],
  };
}

/** What the picture is called; nothing where the container says nothing. */
export const labelsOfPicture = ({ picture }: SourceInfo): StreamLabels => picture.labels ?? { dispositions: [] };

/** The dispositions that Matroska has flags for. */
const kept = new Set([
  'default',
  'forced',
  'original',
  'dub',
  'comment',
  'hearing_impaired',
  'visual_impaired',
  'descriptions',
]);

export const keptDispositions = ({ dispositions }: StreamLabels): string[] =>
  dispositions.filter((name) => kept.has(name));

/** A cover looks like a video stream, but Matroska holds it as an attached file. */
export const isCover = ({ dispositions }: SourceStream): boolean => dispositions.includes('attached_pic');

/** Streams whose packets are copied: all that are carried but attached files and covers. */
export const packetStreams = (info: SourceInfo): SourceStream[] =>
  carriedStreams(info).filter((stream) => stream.kind !== 'attachment' && !isCover(stream));

/** Name and type of an attached file; MP4 gives its covers none. */
export function attachedAs(stream: SourceStream): { readonly filename: string; readonly mimetype: string } {
  const type = stream.codec === 'mjpeg' ? 'jpeg' : stream.codec;
  const { filename = isCover(stream) ? `cover.${type}` : '', mimetype = isCover(stream) ? `image/${type}` : '' } =
    stream;
  return { filename, mimetype };
}
