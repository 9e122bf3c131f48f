/** A stream beside the picture, in the plan's words: what the container says is kept as it says it. */
import type { SourceStream, StreamKind, StreamLabels } from '../domain/media.js';
import type { ProbedStream } from './ffprobe.js';

const kinds: Readonly<Record<string, StreamKind>> = {
  video: 'video',
  audio: 'audio',
  subtitle: 'subtitle',
  attachment: 'attachment',
};

/** Leaves out what is absent. */
function present<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** What people call a stream. */
export function labelsOf({ tags, disposition }: ProbedStream): StreamLabels {
  return {
    dispositions: Object.entries(disposition ?? {})
      .filter(([, set]) => set === 1)
      .map(([name]) => name)
      .sort(),
    ...present<Partial<StreamLabels>>({ language: tags?.['language'], title: tags?.['title'] }),
  };
}

/** Facts of an audio, subtitle, attachment, data or second video stream. */
export function streamOf(stream: ProbedStream): SourceStream {
  const kind = kinds[stream.codec_type ?? ''] ?? 'data';
  const tags = stream.tags ?? {};
  return {
    index: stream.index,
    kind,
    codec: stream.codec_name ?? 'unknown',
    ...labelsOf(stream),
    ...present<Partial<SourceStream>>({
      startSeconds: kind === 'attachment' ? undefined : stream.start_time,
      channels: stream.channels,
      sampleRate: stream.sample_rate,
      canvas: canvasOf(kind, stream),
      filename: tags['filename'],
      mimetype: tags['mimetype'],
    }),
  };
}

function canvasOf(kind: StreamKind, { width, height }: ProbedStream): SourceStream['canvas'] {
  return kind === 'subtitle' && width && height ? { width, height } : undefined;
}
