/** Film of an origin without its sounds, from several places of it: a disc's reader cannot seek, so the packs are read here. */
import { appendFile, rm } from 'node:fs/promises';
import type { SourceInfo } from '../domain/media.js';
import type { MediaTools } from '../domain/tools.js';
import { ffmpegHead, fileUrl } from '../media/ffmpeg.js';
import { run } from '../process/run.js';
import { SECTOR } from './bytes.js';
import { readPiece } from './disc.js';
import { bytesIn, restFrom, type Stretch } from './film.js';
import { isNavigation } from './one-clock.js';
import type { OpenOrigin } from './origin.js';

/** Places that are looked at, and seconds of film at each. */
const PLACES = 8;
const SECONDS = 8;
/** A disc gives at most so many bytes in that time, whatever its tables say. */
const MOST = 12 * 1024 * 1024;
/** Within so many packs a new unit of film begins: one lasts at most a second, which has 615 packs. */
const FAR = 640;

/**
 * Writes a bare picture stream to `output`.
 * @returns its length in seconds, roughly
 */
export async function writeSample(
  tools: MediaTools,
  { film, name }: Pick<OpenOrigin, 'film' | 'name'>,
  { picture, durationSeconds }: Pick<SourceInfo, 'picture' | 'durationSeconds'>,
  output: string,
  signal?: AbortSignal,
): Promise<number> {
  const packs = `${output}.vob`;
  const all = bytesIn(film);
  const isShort = durationSeconds <= PLACES * SECONDS && all <= PLACES * MOST;
  const length = Math.min(MOST, Math.ceil(((all / durationSeconds) * SECONDS) / SECTOR) * SECTOR);
  const places = Array.from({ length: PLACES }, (_, i) => Math.floor(((i + 0.5) / PLACES) * (all / SECTOR)) * SECTOR);
  try {
    await rm(packs, { force: true });
    if (isShort) for (const stretch of film) await appendFile(packs, await readPiece(stretch, stretch.bytes));
    else for (const place of places) await appendFile(packs, await filmFrom(restFrom(film, place), length));
    const read = ['-fflags', '+genpts', '-protocol_whitelist', 'file', '-f', 'mpeg', '-i', fileUrl(packs)];
    // A bare stream has no clock: cells and places may begin theirs as they like.
    const bare = ['-map', '0:v:0', '-c', 'copy', '-f', picture.codec, fileUrl(output)];
    await run([...ffmpegHead(tools), ...read, ...bare], {
      failure: { kind: 'bad-source', what: `${name} cannot be read` },
      ...(signal ? { signal } : {}),
    });
  } finally {
    await rm(packs, { force: true });
  }
  return isShort ? durationSeconds : PLACES * SECONDS;
}

/** Packs from the next unit of film on. */
async function filmFrom(rest: Stretch, length: number): Promise<Buffer> {
  const piece = await readPiece(rest, length + FAR * SECTOR);
  let at = 0;
  while (at < FAR && !isNavigation(piece.subarray(at * SECTOR, (at + 1) * SECTOR))) at++;
  const begin = at < FAR ? at * SECTOR : 0;
  return piece.subarray(begin, begin + length);
}
