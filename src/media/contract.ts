/** The stream contract: what the result owes to its source besides the picture, and where it falls short. Pure. */
import type { Chapter, SourceInfo, SourceStream, StreamLabels } from '../domain/media.js';
import { attachedAs, captionTrack, carriedAs, carriedStreams, keptDispositions, labelsOfPicture } from './streams.js';
import { isOff, late } from './timing.js';

/**
 * One sentence for each thing in which the result differs from what its source demands; none when all is well.
 * @param captions whether the source's picture has captions that are ever shown: they become one more track
 */
export function contractBreaches(
  source: SourceInfo,
  result: SourceInfo,
  shiftSeconds: number,
  captions = false,
): string[] {
  const track = captionTrack(source);
  const owed = [...carriedStreams(source), ...(captions ? [track] : [])];
  const got = carriedStreams(result);
  const kinds = [...new Set([...owed, ...got].map(({ kind }) => kind))];
  const hasTrack = !captions || got.some(({ kind, title }) => kind === track.kind && title === track.title);
  return [
    ...(hasTrack ? [] : ['closed captions: the source has them in its picture, the result has no track of them']),
    ...kinds.flatMap((kind) => kindBreaches(kind, ofKind(owed, kind), ofKind(got, kind))),
    ...differences('picture', named(labelsOfPicture(source)), named(labelsOfPicture(result))),
    ...differences('file', { title: source.title ?? '' }, { title: result.title ?? '' }),
    ...chapterBreaches(source.chapters, result.chapters, shiftSeconds),
  ];
}

const ofKind = (streams: readonly SourceStream[], kind: string): SourceStream[] =>
  streams.filter((stream) => stream.kind === kind);

function kindBreaches(kind: string, owed: readonly SourceStream[], got: readonly SourceStream[]): string[] {
  if (owed.length !== got.length) return [`${owed.length} ${kind} streams in the source, ${got.length} in the result`];
  return owed.flatMap((stream, i) => {
    const other = got[i];
    return other ? differences(`${kind} ${i + 1}`, { ...facts(stream), codec: codecOf(stream) }, facts(other)) : [];
  });
}

function codecOf(stream: SourceStream): string {
  const how = carriedAs(stream);
  return how === 'copy' ? stream.codec : how;
}

type Facts = Readonly<Record<string, string>>;

function named(labels: StreamLabels): Facts {
  const { language = 'und', title = '' } = labels;
  return { language, title, dispositions: keptDispositions(labels).join('+') };
}

function facts(stream: SourceStream): Facts {
  const sizes = { channels: stream.channels, sampleRate: stream.sampleRate };
  return {
    ...named(stream),
    codec: stream.codec,
    ...Object.fromEntries(Object.entries(sizes).map(([name, value]) => [name, String(value ?? '')])),
    canvas: stream.canvas ? `${stream.canvas.width}x${stream.canvas.height}` : '',
    ...attachedAs(stream),
  };
}

function differences(where: string, owed: Facts, got: Facts): string[] {
  return Object.entries(owed)
    .filter(([name, value]) => got[name] !== value)
    .map(([name, value]) => `${where}: ${name} is "${got[name] ?? ''}", the source has "${value}"`);
}

function chapterBreaches(owed: readonly Chapter[], got: readonly Chapter[], shift: number): string[] {
  if (owed.length !== got.length) return [`${owed.length} chapters in the source, ${got.length} in the result`];
  return owed.flatMap((chapter, i) => {
    const other = got[i];
    if (other === undefined) return [];
    const off = other.startSeconds - (chapter.startSeconds + shift);
    const where = `chapter ${i + 1}`;
    const moved = isOff(off) ? [`${where}: starts ${late(off)}`] : [];
    return [...moved, ...differences(where, { title: chapter.title ?? '' }, { title: other.title ?? '' })];
  });
}
