/** Bodies of requests: written to disk as they come, with every checksum that the request promised checked. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chunked } from './aws-chunked.js';
import { checksumNames, digest, type Digest } from './checksums.js';
import { S3Error, type Exchange } from './exchange.js';
import type { Piece } from './state.js';

/** More than this in one go is refused. */
const MOST = 5 * 2 ** 30;

/** Stores the body; nothing is left of it when it is refused or cut off. */
export async function storeBody(exchange: Exchange): Promise<Piece> {
  const { headers, state } = exchange;
  if (Number(headers['content-length']) > MOST) throw new S3Error(400, 'EntityTooLarge');
  const path = await state.newPath();
  try {
    const checks = await checksOf(exchange);
    let bytes = 0;
    const measured = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        bytes += chunk.length;
        for (const { digest } of checks.values()) digest.update(chunk);
        yield chunk;
      }
    };
    const trailers = new Map<string, string>();
    await pipeline(decoded(exchange, trailers), measured, createWriteStream(path));
    const found = verify(checks, trailers);
    const md5 = Buffer.from(found.get('md5') ?? '', 'base64').toString('hex');
    return { path, bytes, md5, crc64nvme: found.get('crc64nvme') ?? '' };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** The body in memory, checked in the same way: for XML and JSON. */
export async function textBody(exchange: Exchange): Promise<string> {
  const checks = await checksOf(exchange);
  const trailers = new Map<string, string>();
  const chunks: Buffer[] = [];
  for await (const chunk of decoded(exchange, trailers)) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  for (const { digest } of checks.values()) digest.update(body);
  verify(checks, trailers);
  return body.toString('utf8');
}

function decoded({ call, headers }: Exchange, trailers: Map<string, string>): Readable {
  const isChunked = String(headers['x-amz-content-sha256']).startsWith('STREAMING-');
  return isChunked ? call.request.pipe(chunked(trailers)) : call.request;
}

interface Check {
  readonly digest: Digest;
  readonly expected?: string;
  readonly code: string;
}

async function checksOf({ headers, call }: Exchange): Promise<Map<string, Check>> {
  const checks = new Map<string, Check>();
  const add = async (name: Parameters<typeof digest>[0], label: string, code: string, expected?: string) =>
    checks.set(label, { digest: await digest(name), code, ...(expected === undefined ? {} : { expected }) });
  await add('md5', 'md5', 'BadDigest', text(headers['content-md5']));
  const trailer = text(headers['x-amz-trailer']);
  for (const name of checksumNames) {
    const expected = text(headers[`x-amz-checksum-${name}`]);
    if (expected !== undefined || name === 'crc64nvme' || trailer === `x-amz-checksum-${name}`)
      await add(name, name, 'BadDigest', expected);
  }
  const signed = text(headers['x-amz-content-sha256']) ?? call.url.searchParams.get('X-Amz-Content-Sha256') ?? '';
  if (/^[0-9a-f]{64}$/.test(signed))
    await add('sha256', 'payload', 'XAmzContentSHA256Mismatch', Buffer.from(signed, 'hex').toString('base64'));
  return checks;
}

/** @returns base64 by checksum */
function verify(checks: ReadonlyMap<string, Check>, trailers: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [label, { digest, expected = trailers.get(`x-amz-checksum-${label}`), code }] of checks) {
    const value = digest.end();
    if (expected !== undefined && expected !== value)
      throw new S3Error(400, code, `The ${label} that you specified did not match what we received`);
    found.set(label, value);
  }
  return found;
}

const text = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;
