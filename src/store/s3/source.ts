/** The file that is uploaded: read piece by piece, and the same from the first to the last. */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../domain/failures.js';

export interface SourceFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** What it was when it was opened. */
  readonly stat: BigIntStats;
}

/** Fills the buffer with the file's bytes from `position`. @throws Failure `bad-source` when it ends before */
export async function readFully({ path, handle }: SourceFile, buffer: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < buffer.length;) {
    const { bytesRead } = await handle.read(buffer, at, buffer.length - at, position + at);
    if (bytesRead === 0) throw new Failure('bad-source', `${path} has become shorter while it was uploaded`);
    at += bytesRead;
  }
}

/** Called when all has been read, and before it counts. @throws Failure `bad-source` when the file is not what it was */
export async function checkUnchanged({ path, handle, stat }: SourceFile): Promise<void> {
  const now = await handle.stat({ bigint: true });
  // The change time too: many a program sets the modification time back.
  if (now.size === stat.size && now.mtimeNs === stat.mtimeNs && now.ctimeNs === stat.ctimeNs) return;
  throw new Failure('bad-source', `${path} has changed while it was uploaded`, {
    evidence: `${now.size} bytes of ${now.mtime.toISOString()} instead of ${stat.size} of ${stat.mtime.toISOString()}`,
  });
}
