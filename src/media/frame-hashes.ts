/** What a file's streams hold, packet by packet or frame by frame: ffmpeg's `framehash` muxer and the reader of its lines. */
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';
import { ffmpegHead } from './ffmpeg.js';

export interface FrameHash {
  /** Presentation time in seconds; not a number where the packet has none. */
  readonly time: number;
  readonly hash: string;
}

/** Reads the lines of `framehash`: one list for each stream that its header announces, in order. */
export function frameHashReader(): { readonly streams: readonly FrameHash[][]; line(this: void, text: string): void } {
  const bases: number[] = [];
  const streams: FrameHash[][] = [];
  return {
    streams,
    line(text) {
      const base = /^#tb \d+: (\d+)\/(\d+)$/.exec(text);
      if (base) {
        bases.push(Number(base[1]) / Number(base[2]));
        streams.push([]);
      }
      if (text.startsWith('#')) return;
      const [stream, , pts, , , hash = ''] = text.split(',').map((field) => field.trim());
      const index = Number(stream);
      streams[index]?.push({ time: Number(pts) * (bases[index] ?? Number.NaN), hash });
    },
  };
}

export interface FrameHashOptions {
  /** For failures. */
  readonly file: string;
  /** `murmur3` for speed, `sha256` where the hash is computed here too. */
  readonly hash: 'murmur3' | 'sha256';
  readonly signal?: AbortSignal | undefined;
  readonly onFrame?: () => void;
}

/**
 * Runs ffmpeg into its `framehash` muxer.
 * @param argv inputs, mappings and codecs; the output is added here
 * @throws Failure `verify-failed` when the file cannot be read to its end
 */
export async function frameHashes(
  tools: Pick<Tools, 'ffmpeg'>,
  argv: readonly string[],
  { file, hash, signal, onFrame = () => undefined }: FrameHashOptions,
): Promise<readonly FrameHash[][]> {
  const reader = frameHashReader();
  const output = ['-avoid_negative_ts', 'disabled', '-f', 'framehash', '-hash', hash, 'pipe:1'];
  await run([...ffmpegHead(tools), ...argv, ...output], {
    ...(signal ? { signal } : {}),
    onLine: (line) => {
      reader.line(line);
      onFrame();
    },
    failure: { kind: 'verify-failed', what: `${file} cannot be read to its end` },
  });
  return reader.streams;
}
