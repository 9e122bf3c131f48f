/** The result keeps the source's clock, so all offsets between streams stay. It is moved only where Matroska could not hold it. */
import { ticksBetween } from '../domain/frames.js';
import type { Manifest } from '../domain/job.js';
import { secondsOf, ticksOf, type SourceInfo } from '../domain/media.js';
import { packetStreams } from './streams.js';

/** Containers whose clock starts anywhere, as the broadcaster's did. */
const BROADCAST = /^mpeg(ts|video)?$/;

/**
 * Ticks that the mux adds to every time stamp of the source, to the picture's too: 0 for a file whose clock starts at 0,
 * else what brings the earliest stream to 0. Matroska holds no negative times.
 */
export function clockShift(info: SourceInfo, manifest: Pick<Manifest, 'startTicks'>): number {
  const earliest = clockStart(info, manifest);
  return BROADCAST.test(info.container) || earliest < 0 ? -earliest : 0;
}

/** Time of the source's earliest stream in ticks: ffmpeg's `-ss` counts from about there. */
export function clockStart(info: SourceInfo, manifest: Pick<Manifest, 'startTicks'>): number {
  const starts = packetStreams(info).flatMap(({ startSeconds }) =>
    startSeconds === undefined ? [] : [ticksOf(startSeconds)],
  );
  return Math.min(manifest.startTicks, ...starts);
}

/** Time of a frame of the episode in the result, in seconds. */
export const resultSeconds = (
  info: SourceInfo,
  manifest: Pick<Manifest, 'startTicks' | 'steps'>,
  frame: number,
): number => secondsOf(manifest.startTicks + clockShift(info, manifest) + ticksBetween(manifest.steps, 0, frame));
