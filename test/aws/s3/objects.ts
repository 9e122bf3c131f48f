/** Single objects: put whole, read in ranges, removed one by one or a thousand at once. */
import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { storeBody, textBody } from './body.js';
import { bucketOf, document, note, reply, requestIds, S3Error, type Exchange } from './exchange.js';
import type { Bucket, Piece, S3Object } from './state.js';
import { element, escapeXml, insides, textOf } from './xml.js';

export async function putObject(exchange: Exchange): Promise<void> {
  const { headers, key } = exchange;
  const bucket = bucketOf(exchange);
  checkConditions(exchange, bucket.objects.get(key));
  const piece = await storeBody(exchange);
  const object: S3Object = {
    pieces: [piece],
    bytes: piece.bytes,
    etag: `"${piece.md5}"`,
    crc64nvme: piece.crc64nvme,
    modified: new Date(),
    metadata: metadataOf(exchange),
    contentType: headers['content-type'] ?? 'application/octet-stream',
  };
  await place(exchange, bucket, object);
  reply(exchange, 200, {
    etag: object.etag,
    'x-amz-checksum-crc64nvme': object.crc64nvme,
    'x-amz-checksum-type': 'FULL_OBJECT',
  });
}

/** Puts the object in its place; the condition counts at this moment, since bodies of many arrive at once. */
export async function place(exchange: Exchange, bucket: Bucket, object: S3Object): Promise<void> {
  const { key, state } = exchange;
  const old = bucket.objects.get(key);
  try {
    checkConditions(exchange, old);
  } catch (error) {
    await state.forget(object.pieces);
    throw error;
  }
  bucket.objects.set(key, object);
  if (old) await state.forget(old.pieces);
}

function checkConditions({ headers }: Exchange, there: S3Object | undefined): void {
  const none = headers['if-none-match'];
  if (none !== undefined && none !== '*') throw new S3Error(501, 'NotImplemented', 'If-None-Match takes * on writes');
  const match = headers['if-match'];
  if (match !== undefined && !there) throw new S3Error(404, 'NoSuchKey');
  if ((none === '*' && there) || (match !== undefined && match !== there?.etag))
    throw new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}

export const metadataOf = ({ headers }: Exchange): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      .map(([name, value]) => [name, String(value)]),
  );

export async function getObject(exchange: Exchange): Promise<void> {
  const { call, headers, key, fault } = exchange;
  const object = bucketOf(exchange).objects.get(key);
  if (!object) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
  const { 'if-match': match, 'if-none-match': none } = headers;
  if (match !== undefined && match !== object.etag) throw new S3Error(412, 'PreconditionFailed');
  if (none !== undefined && none === object.etag) throw new S3Error(304, 'NotModified');
  const range = rangeOf(headers.range, object.bytes);
  const { from, to } = range ?? { from: 0, to: object.bytes };
  const checksum =
    headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined
      ? { 'x-amz-checksum-crc64nvme': object.crc64nvme, 'x-amz-checksum-type': 'FULL_OBJECT' }
      : {};
  const { response, request } = call;
  const isHead = request.method === 'HEAD';
  note(exchange, { status: range ? 206 : 200, from, to });
  if (fault?.kind === 'drop-after') {
    request.socket.resetAndDestroy();
    return;
  }
  const extra = fault?.kind === 'excess' ? 1_000_000 : 0;
  response.writeHead(range ? 206 : 200, {
    ...requestIds(),
    ...object.metadata,
    ...checksum,
    etag: object.etag,
    'last-modified': object.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    'content-length': to - from + extra,
    ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${object.bytes}` } : {}),
  });
  if (isHead) response.end();
  else await send(exchange, object.pieces, from, to, extra);
}

async function send(
  { call: { response, request }, fault }: Exchange,
  pieces: readonly Piece[],
  from: number,
  to: number,
  extra: number,
): Promise<void> {
  const half = Math.floor((to - from) / 2);
  let sent = 0;
  for await (const chunk of bytesOf(pieces, from, to)) {
    if (fault?.kind === 'corrupt' && sent === 0 && chunk.length > 0) chunk[0] = (chunk[0] ?? 0) ^ 1;
    sent += chunk.length;
    if (fault?.kind === 'cut' && sent > half) {
      request.socket.destroy();
      return;
    }
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end(extra === 0 ? undefined : Buffer.alloc(extra));
  // Whoever has enough goes away: that is no error of ours.
  await finished(response).catch(() => undefined);
}

const drained = (response: Exchange['call']['response']): Promise<void> =>
  new Promise((done) => {
    const over = (): void => {
      response.off('drain', over).off('close', over);
      done();
    };
    response.on('drain', over).on('close', over);
  });

async function* bytesOf(pieces: readonly Piece[], from: number, to: number): AsyncGenerator<Buffer> {
  let at = 0;
  for (const { path, bytes } of pieces) {
    const start = Math.max(0, from - at);
    const end = Math.min(bytes, to - at);
    at += bytes;
    if (end > start)
      for await (const chunk of createReadStream(path, { start, end: end - 1, highWaterMark: 2 ** 18 }))
        yield chunk as Buffer;
  }
}

/** @returns half open; undefined for the whole object, which is also the answer to what is no range */
function rangeOf(header: string | undefined, bytes: number): { from: number; to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (from >= bytes || to <= from)
    throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', {
      'content-range': `bytes */${bytes}`,
    });
  return { from, to };
}

export async function deleteObject(exchange: Exchange): Promise<void> {
  await removeKey(exchange, bucketOf(exchange), exchange.key);
  reply(exchange, 204);
}

/** DeleteObjects: at most 1000 keys, and S3 insists on a checksum of the list. */
export async function deleteObjects(exchange: Exchange): Promise<void> {
  const { headers } = exchange;
  const bucket = bucketOf(exchange);
  const isChecked = Object.keys(headers).some((name) => /^content-md5$|^x-amz-checksum-/.test(name));
  if (!isChecked) throw new S3Error(400, 'InvalidRequest', 'Missing required header for this request: Content-MD5');
  const xml = await textBody(exchange);
  const keys = insides(xml, 'Object').map((inside) => textOf(inside, 'Key') ?? '');
  if (keys.length === 0 || keys.length > 1000) throw new S3Error(400, 'MalformedXML');
  for (const key of keys) await removeKey(exchange, bucket, key);
  const isQuiet = textOf(xml, 'Quiet') === 'true';
  const deleted = keys.map((key) => element('Deleted', element('Key', escapeXml(key))));
  reply(exchange, 200, {}, document('DeleteResult', isQuiet ? '' : deleted.join('')));
}

async function removeKey({ state }: Exchange, bucket: Bucket, key: string): Promise<void> {
  const object = bucket.objects.get(key);
  bucket.objects.delete(key);
  if (object) await state.forget(object.pieces);
}
