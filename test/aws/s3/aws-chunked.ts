/** The transfer encoding `aws-chunked`, as SDKs send streams whose checksum comes at the end. */
import { Transform } from 'node:stream';

/** @param trailers filled with the headers behind the last chunk, by lower-case name */
export function chunked(trailers: Map<string, string>): Transform {
  let waiting: Buffer = Buffer.alloc(0);
  let left = 0;
  let ended = false;
  /** @returns the line without its end, or undefined when it is not whole yet */
  const line = (): string | undefined => {
    const end = waiting.indexOf('\r\n');
    if (end < 0) return undefined;
    const found = waiting.toString('latin1', 0, end);
    waiting = waiting.subarray(end + 2);
    return found;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      for (;;) {
        if (left > 0) {
          const part = waiting.subarray(0, left);
          if (part.length === 0) break;
          this.push(part);
          left -= part.length;
          waiting = waiting.subarray(part.length);
          continue;
        }
        const next = line();
        if (next === undefined) break;
        if (ended) {
          const colon = next.indexOf(':');
          if (colon > 0) trailers.set(next.slice(0, colon).toLowerCase(), next.slice(colon + 1).trim());
        } else if (next !== '') {
          left = parseInt(next, 16);
          ended = left === 0;
        }
      }
      done();
    },
  });
}
