/** Logs of limited size: five files of 10 MB each, the oldest goes. */
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createStream } from 'rotating-file-stream';
import type { RotatingFileStream } from 'rotating-file-stream';
import { ignoreMissing } from '../disk/durable.js';

export interface Log {
  /** A line of a program, as it is. */
  readonly write: (line: string) => void;
  /** A line of our own, as JSON like the programs' lines. */
  readonly say: (msg: string, facts?: object) => void;
  readonly close: () => Promise<void>;
}

export function openLog(file: string): Log {
  let stream: RotatingFileStream | undefined;
  const write = (line: string): void => {
    stream ??= rotating(file, () => (stream = undefined));
    stream.write(`${line}\n`);
  };
  return {
    write,
    say: (msg, facts = {}) => write(JSON.stringify({ time: new Date().toISOString(), msg, ...facts })),
    close: () => new Promise((resolve) => (stream ? stream.end(() => resolve()) : resolve())),
  };
}

/** A full disk must not end what is supervised: the lines are lost, and the next one opens the file anew. */
function rotating(file: string, onBroken: () => void): RotatingFileStream {
  const options = { path: dirname(file), size: '10M', maxFiles: 4 } as const;
  return createStream(basename(file), options).on('error', onBroken);
}

const TAIL_BYTES = 4096;

/** The last lines of a log, for the evidence of a failure. */
export async function logTail(file: string, lines: number): Promise<string | undefined> {
  const handle = await open(file, 'r').catch(ignoreMissing);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(TAIL_BYTES),
      0,
      TAIL_BYTES,
      Math.max(0, size - TAIL_BYTES),
    );
    const text = buffer.subarray(0, bytesRead).toString('utf8').trimEnd();
    return text === '' ? undefined : text.split('\n').slice(-lines).join('\n');
  } finally {
    await handle.close();
  }
}
