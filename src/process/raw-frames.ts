/** Raw frames of equal size in a program's output. */

/** Cuts a stream into frames of so many bytes; what is left over at the end is no frame. Each is new memory: a reader may keep the one before it. */
export async function* rawFrames(
  stream: AsyncIterable<unknown>,
  bytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let frame = new Uint8Array(bytes);
  let filled = 0;
  for await (const data of stream) {
    let chunk = data as Buffer;
    while (chunk.length > 0) {
      const part = chunk.subarray(0, bytes - filled);
      frame.set(part, filled);
      filled += part.length;
      chunk = chunk.subarray(part.length);
      if (filled < bytes) continue;
      yield frame;
      frame = new Uint8Array(bytes);
      filled = 0;
    }
  }
}
