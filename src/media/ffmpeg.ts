/** The words that every ffmpeg command of this room shares, and the reader of its `-progress` blocks. */
import type { Tools } from '../domain/tools.js';

/**
 * Containers that a source may have. A text that pretends to be a video must not become a playlist or a script that opens other files.
 */
export const CONTAINERS = 'matroska,mov,avi,mpeg,mpegts,mpegvideo,asf,flv';

/** A path as ffmpeg's own URL: whatever its name is, it is neither an option nor another protocol. */
export const fileUrl = (path: string): string => `file:${path}`;

/** Options that open a source file; ffprobe and ffmpeg get the same, so that both see the same streams. VobSubs of a VOB come late: look far. */
export const sourceOptions: readonly string[] = [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  CONTAINERS,
  '-probesize',
  '50M',
  '-analyzeduration',
  '50M',
];

/** Input arguments of a source file. */
export const sourceInput = (path: string): string[] => [...sourceOptions, '-i', fileUrl(path)];

/** Input arguments of a file that TAAF made itself. */
export const ownInput = (path: string): string[] => ['-protocol_whitelist', 'file', '-i', fileUrl(path)];

/** ffmpeg without questions, banner or chatter: only errors on standard error. Output files are replaced. */
export const ffmpegHead = (tools: Pick<Tools, 'ffmpeg'>): string[] => [
  tools.ffmpeg,
  '-nostdin',
  '-hide_banner',
  '-nostats',
  '-v',
  'error',
  '-y',
];

/** Progress blocks on standard output, for `readProgress`. */
export const progressOptions: readonly string[] = ['-progress', 'pipe:1', '-stats_period', '0.5'];

/** Reads the lines of `-progress`: tells the frames that are done, each time the number has grown. */
export function readProgress(onFrames: (frames: number) => void): (line: string) => void {
  let last = 0;
  return (line) => {
    const frames = Number(/^frame=\s*(\d+)$/.exec(line)?.[1] ?? 0);
    if (frames <= last) return;
    last = frames;
    onFrames(frames);
  };
}
